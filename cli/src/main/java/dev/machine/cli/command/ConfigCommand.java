package dev.machine.cli.command;

import dev.machine.cli.output.ConnectionText;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine config}: the docker CLI's flags for a machine. */
public final class ConfigCommand implements Command {
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(20);

    @Override
    public CommandSpec spec() {
        return Options.command(
                        "config",
                        "Print the flags that point the docker CLI at a machine:"
                                + " docker $(machine config NAME) info")
                .addOption(Options.flag("the swarm whose master is NAME", "--swarm"))
                .addOption(
                        Options.flag(
                                "connect first; fail if the engine does not answer", "--check"))
                .addPositional(Options.word("[NAME]", "the machine"));
    }

    @Override
    public int run(Invocation call) {
        ConnectionTarget target =
                ConnectionTarget.load(
                        call.services().store(), MachineNames.one(call), call.flag("--swarm"));
        if (call.flag("--check")) {
            check(target, call.services().engines());
        }
        Path certificates = call.services().store().certs();
        call.console().out().print(ConnectionText.config(certificates, target.url()));
        target.warn(call);
        return ExitCode.OK;
    }

    private static void check(ConnectionTarget target, EngineProbe engines) {
        try {
            int status = engines.get(target.url(), "/_ping", CHECK_TIMEOUT).status();
            if (status != 200) {
                throw new IOException("it answers /_ping with status " + status);
            }
        } catch (IOException e) {
            throw new MachineException(
                    target.machine().name()
                            + " does not answer at "
                            + target.url()
                            + ": "
                            + e.getMessage(),
                    "repair its certificates and engine with: machine provision "
                            + target.machine().name(),
                    ExitCode.UNREACHABLE,
                    e);
        }
    }
}
