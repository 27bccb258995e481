package dev.machine.cli;

import dev.machine.cli.command.ActiveCommand;
import dev.machine.cli.command.Command;
import dev.machine.cli.command.ConfigCommand;
import dev.machine.cli.command.ContextCommand;
import dev.machine.cli.command.CreateCommand;
import dev.machine.cli.command.DoctorCommand;
import dev.machine.cli.command.EnvCommand;
import dev.machine.cli.command.InspectCommand;
import dev.machine.cli.command.IpCommand;
import dev.machine.cli.command.LogsCommand;
import dev.machine.cli.command.LsCommand;
import dev.machine.cli.command.PowerCommand;
import dev.machine.cli.command.ProvisionCommand;
import dev.machine.cli.command.RmCommand;
import dev.machine.cli.command.SshCommand;
import dev.machine.cli.command.StatusCommand;
import dev.machine.cli.command.UrlCommand;
import dev.machine.cli.command.VersionCommand;
import dev.machine.cli.command.certs.CertsLsCommand;
import dev.machine.cli.command.certs.RegenerateCertsCommand;
import dev.machine.cli.command.certs.RotateCaCommand;
import dev.machine.cli.command.image.ImageExportCommand;
import dev.machine.cli.command.image.ImageImportCommand;
import dev.machine.cli.command.image.ImageLsCommand;
import dev.machine.cli.command.image.ImageResolveCommand;
import dev.machine.cli.command.image.ImageRmCommand;
import dev.machine.cli.command.image.ImageRulesCommand;
import dev.machine.cli.command.image.ImageSetCommand;
import dev.machine.cli.command.swarm.SwarmListCommand;
import dev.machine.cli.command.swarm.SwarmManageCommand;
import dev.machine.cli.command.swarm.SwarmStatusCommand;
import dev.machine.cli.completion.CompletionCommand;
import dev.machine.cli.completion.CompletionModel;
import dev.machine.driver.Driver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Every command once, in the order of {@code machine help}. Dispatch, help, completion and "did you
 * mean" read this list; only the command that was typed is made.
 */
final class CommandList {
    private static final String HELP = "help";
    private static final String HELP_SUMMARY =
            "print this, the help of a command, or help exit-codes";
    private static final List<String> NONE = List.of();

    private static final List<Entry> ALL =
            List.of(
                    new Entry("create", NONE, "make machines", CreateCommand::new),
                    new Entry("ls", NONE, "list machines", _ -> new LsCommand()),
                    new Entry(
                            "inspect",
                            NONE,
                            "print all that is recorded of a machine",
                            _ -> new InspectCommand()),
                    new Entry(
                            "status",
                            NONE,
                            "print the state of a machine",
                            _ -> new StatusCommand()),
                    new Entry(
                            "start",
                            NONE,
                            "start machines, or a swarm's endpoint",
                            _ -> PowerCommand.start()),
                    new Entry("stop", NONE, "stop them", _ -> PowerCommand.stop()),
                    new Entry("restart", NONE, "restart them", _ -> PowerCommand.restart()),
                    new Entry("kill", NONE, "switch them off at once", _ -> PowerCommand.kill()),
                    new Entry("rm", NONE, "remove machines", _ -> new RmCommand()),
                    new Entry(
                            "provision",
                            NONE,
                            "make machines what their records say; change settings",
                            _ -> new ProvisionCommand()),
                    new Entry(
                            "doctor",
                            NONE,
                            "look for what is wrong with machines and the store",
                            _ -> new DoctorCommand()),
                    new Entry(
                            "certs ls",
                            NONE,
                            "list certificates and when they end",
                            _ -> new CertsLsCommand()),
                    new Entry(
                            "regenerate-certs",
                            List.of("certs rotate"),
                            "give machines new certificates (also: certs rotate)",
                            _ -> new RegenerateCertsCommand()),
                    new Entry(
                            "certs rotate-ca",
                            NONE,
                            "replace the CA, without a moment of distrust",
                            _ -> new RotateCaCommand()),
                    new Entry(
                            "logs",
                            NONE,
                            "print the log of a swarm's endpoint",
                            _ -> new LogsCommand()),
                    new Entry(
                            "config",
                            NONE,
                            "print the flags that point docker at a machine",
                            _ -> new ConfigCommand()),
                    new Entry(
                            "env",
                            NONE,
                            "print the variables that point docker at a machine",
                            _ -> new EnvCommand()),
                    new Entry(
                            "context",
                            NONE,
                            "make a machine a context of the docker CLI",
                            _ -> new ContextCommand()),
                    new Entry(
                            "active",
                            NONE,
                            "print the machine that DOCKER_HOST points at",
                            _ -> new ActiveCommand()),
                    new Entry(
                            "url",
                            NONE,
                            "print the URL of a machine's engine",
                            _ -> new UrlCommand()),
                    new Entry("ip", NONE, "print the address of machines", _ -> new IpCommand()),
                    new Entry(
                            "ssh",
                            NONE,
                            "log in to a machine, or run a command on it",
                            _ -> new SshCommand()),
                    new Entry(
                            "version",
                            NONE,
                            "print machine's version, or that of an engine",
                            _ -> new VersionCommand()),
                    new Entry(
                            "swarm manage",
                            List.of("swarm m"),
                            "serve a swarm's endpoint in the foreground",
                            _ -> new SwarmManageCommand()),
                    new Entry(
                            "swarm list",
                            List.of("swarm l"),
                            "list the addresses of a swarm's engines",
                            _ -> new SwarmListCommand()),
                    new Entry(
                            "swarm status",
                            NONE,
                            "show a swarm's nodes as its endpoint sees them",
                            _ -> new SwarmStatusCommand()),
                    new Entry(
                            "completion",
                            NONE,
                            "print a completion script for bash, zsh or fish",
                            CommandList::completion),
                    new Entry(
                            "image set",
                            NONE,
                            "say which image a name means on an architecture",
                            _ -> new ImageSetCommand()),
                    new Entry("image ls", NONE, "list what names mean", _ -> new ImageLsCommand()),
                    new Entry(
                            "image rm", NONE, "forget what names mean", _ -> new ImageRmCommand()),
                    new Entry(
                            "image rules",
                            NONE,
                            "add, list and remove rules for names",
                            _ -> new ImageRulesCommand()),
                    new Entry(
                            "image resolve",
                            NONE,
                            "print which image a node gets for a name, and why",
                            _ -> new ImageResolveCommand()),
                    new Entry(
                            "image import",
                            NONE,
                            "take over a table and rules from a file",
                            _ -> new ImageImportCommand()),
                    new Entry(
                            "image export",
                            NONE,
                            "print the table and the rules",
                            _ -> new ImageExportCommand()));

    private CommandList() {}

    /**
     * One command.
     *
     * @param name one word, or two as {@code swarm manage}
     * @param aliases other names of the same command; help does not list them
     * @param summary what {@code machine help} says of it
     * @param factory makes it; not called for a command that is not used
     */
    private record Entry(
            String name,
            List<String> aliases,
            String summary,
            Function<List<Driver>, Command> factory) {
        boolean isCalled(String typed) {
            return name.equals(typed) || aliases.contains(typed);
        }
    }

    /** Makes a command; empty when there is none of this name. */
    static Optional<Command> find(String name, List<Driver> drivers) {
        for (Entry entry : ALL) {
            if (entry.isCalled(name)) {
                return Optional.of(entry.factory.apply(drivers));
            }
        }
        return Optional.empty();
    }

    /** Whether a word is the first of commands of two words. */
    static boolean isGroup(String word) {
        for (Entry entry : ALL) {
            if (entry.name.startsWith(word + " ")) {
                return true;
            }
        }
        return false;
    }

    /** Every command with what it does, in the order of {@code machine help}. */
    static Map<String, String> summaries() {
        Map<String, String> all = new LinkedHashMap<>();
        ALL.forEach(entry -> all.put(entry.name, entry.summary));
        all.put(HELP, HELP_SUMMARY);
        return all;
    }

    private static Command completion(List<Driver> drivers) {
        return new CompletionCommand(() -> completionModel(drivers));
    }

    private static CompletionModel completionModel(List<Driver> drivers) {
        List<CompletionModel.Command> commands = new ArrayList<>();
        for (Entry entry : ALL) {
            CommandSpec spec = entry.factory.apply(drivers).spec();
            commands.add(CompletionModel.Command.of(entry.name, entry.summary, spec));
        }
        commands.add(new CompletionModel.Command(HELP, HELP_SUMMARY, false, List.of()));
        return new CompletionModel(List.copyOf(commands));
    }
}
