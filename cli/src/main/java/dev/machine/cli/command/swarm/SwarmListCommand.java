package dev.machine.cli.command.swarm;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.SwarmSettings;
import dev.machine.swarm.discovery.AddressSource;
import dev.machine.swarm.discovery.Member;
import dev.machine.swarm.discovery.MemberFolder;
import dev.machine.swarm.discovery.Members;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine swarm list}: the addresses of a swarm's engines, one {@code host:port} per line,
 * as in classic swarm. No engine is contacted.
 */
public final class SwarmListCommand implements Command {
    @Override
    public CommandSpec spec() {
        return DiscoveryArgument.addTo(
                Options.command("swarm list", "List the addresses of a swarm's engines.")
                        .addOption(
                                Options.value(
                                        "TIME", "no effect: files are read at once", "--timeout"))
                        .addOption(
                                Options.values(
                                        "KEY=VALUE",
                                        "no effect: it is for key-value stores, which are not supported yet",
                                        "--discovery-opt")));
    }

    @Override
    public int run(Invocation call) {
        call.value("--timeout").ifPresent(SwarmListCommand::checkTimeout);
        Path folder = call.services().store().members(SwarmSettings.DEFAULT_CLUSTER);
        DiscoveryArgument discovery =
                DiscoveryArgument.given(call)
                        .map(word -> DiscoveryArgument.parse(word, Duration.ofSeconds(1)))
                        .orElse(new DiscoveryArgument.Folder(folder));
        return switch (discovery) {
            case DiscoveryArgument.Folder(Path path) -> members(call, path);
            case DiscoveryArgument.Addresses(AddressSource source) -> {
                AddressSource.Addresses found = source.read();
                yield answer(call, found.engines(), found.errors());
            }
        };
    }

    private static void checkTimeout(String text) {
        if (!GoDuration.parse("--timeout", text).isPositive()) {
            throw Invocation.usage("--timeout should be a positive number");
        }
    }

    private static int members(Invocation call, Path folder) {
        try {
            Members found = new MemberFolder(folder).read();
            return answer(
                    call,
                    found.members().values().stream().map(Member::address).toList(),
                    found.errors());
        } catch (IOException e) {
            throw new MachineException("cannot read " + folder + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static int answer(
            Invocation call, Collection<?> addresses, Map<String, String> errors) {
        addresses.forEach(address -> call.answer(address.toString()));
        errors.forEach((where, error) -> call.tell(where + ": " + error));
        return errors.isEmpty() ? ExitCode.OK : ExitCode.ERROR;
    }
}
