package dev.machine.cli.command.swarm;

import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.SteadyClock;
import dev.machine.swarm.discovery.AddressFile;
import dev.machine.swarm.discovery.AddressMembers;
import dev.machine.swarm.discovery.AddressSource;
import dev.machine.swarm.discovery.EngineAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Classic swarm's DISCOVERY argument, {@code nodes://h:p,h:p} (or the list alone) or {@code
 * file:///path}; or a folder of member files, which classic swarm did not have.
 */
sealed interface DiscoveryArgument {
    /** The accepted forms, for help. */
    String FORMS =
            "HOST:PORT,... or nodes://HOST:PORT,..., file:///PATH, or a folder of member files";

    /** The variable that classic swarm read the argument from. */
    String VARIABLE = "SWARM_DISCOVERY";

    /** A folder of member files. */
    record Folder(Path path) implements DiscoveryArgument {}

    /** Addresses without names; the engines are asked for theirs. */
    record Addresses(AddressSource source) implements DiscoveryArgument {}

    /** Adds the argument that {@link #given} reads. */
    static CommandSpec addTo(CommandSpec spec) {
        return spec.addPositional(
                Options.word("[DISCOVERY]", FORMS + " ($" + VARIABLE + ", the store's swarm)"));
    }

    /** The text of the argument, else of the variable. */
    static Optional<String> given(Invocation call) {
        if (call.words().size() > 1) {
            throw Invocation.usage("expected one DISCOVERY, not " + call.words().size());
        }
        return call.words().stream().findFirst().or(() -> call.console().variable(VARIABLE));
    }

    /**
     * Parses the text.
     *
     * @param heartbeat how often a file is read again
     */
    static DiscoveryArgument parse(String text, Duration heartbeat) {
        int colon = text.indexOf("://");
        if (colon < 0) {
            return bare(text);
        }
        String rest = text.substring(colon + 3);
        return switch (text.substring(0, colon)) {
            case "nodes" -> nodes(rest);
            case "file" ->
                    new Addresses(
                            new AddressFile(
                                    Path.of(rest).toAbsolutePath(), heartbeat, new SteadyClock()));
            case "token" ->
                    throw usage("token:// does not work: its service was switched off in 2019");
            case "consul", "etcd", "zk" ->
                    throw usage(text.substring(0, colon) + ":// is not supported yet");
            default ->
                    throw usage("there is no discovery called " + text.substring(0, colon) + "://");
        };
    }

    private static DiscoveryArgument bare(String text) {
        boolean path = text.contains("/") || text.equals(".") || text.equals("..");
        return path || !Pattern.compile(":[0-9]").matcher(text).find()
                ? new Folder(Path.of(text).toAbsolutePath())
                : nodes(text);
    }

    private static DiscoveryArgument nodes(String list) {
        List<EngineAddress> engines = new ArrayList<>();
        for (String item : list.split(",")) {
            if (!item.isBlank()) {
                engines.addAll(EngineAddress.expand(item.strip()));
            }
        }
        if (engines.isEmpty()) {
            throw usage("nodes:// names no engine");
        }
        return new Addresses(AddressMembers.fixed(engines));
    }

    private static MachineException usage(String sentence) {
        return new MachineException(sentence, "DISCOVERY is " + FORMS, ExitCode.USAGE);
    }
}
