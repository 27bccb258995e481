package dev.machine.cli.command;

import dev.machine.cli.output.ConnectionText;
import dev.machine.cli.output.ConnectionText.NoProxy;
import dev.machine.cli.output.Console;
import dev.machine.cli.output.Shell;
import dev.machine.common.ExitCode;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine env}: the shell commands that point docker at a machine. */
public final class EnvCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command(
                        "env",
                        "Print the variables that point docker at a machine: eval $(machine env NAME)")
                .addOption(Options.flag("the swarm whose master is NAME", "--swarm"))
                .addOption(
                        Options.value(
                                "SHELL",
                                "bash, zsh, sh, fish, tcsh, powershell, cmd or emacs; default: $SHELL",
                                "--shell"))
                .addOption(Options.flag("print the lines that undo machine env", "-u", "--unset"))
                .addOption(Options.flag("add the machine to NO_PROXY", "--no-proxy"))
                .addPositional(Options.word("[NAME]", "the machine"));
    }

    @Override
    public int run(Invocation call) {
        Shell shell =
                Shell.find(call.value("--shell"), call.console().variable("SHELL"))
                        .orElseThrow(
                                () ->
                                        Invocation.usage(
                                                "unknown shell: SHELL is not set; name it with"
                                                        + " --shell, for example --shell bash"));
        String commandLine = ConnectionText.commandLine(call.console().program(), call.arguments());
        if (call.flag("--unset")) {
            return unset(call, shell, commandLine);
        }
        ConnectionTarget target =
                ConnectionTarget.load(
                        call.services().store(), MachineNames.one(call), call.flag("--swarm"));
        Optional<NoProxy> noProxy =
                call.flag("--no-proxy")
                        ? Optional.of(noProxy(call.console(), ConnectionText.ip(target.url())))
                        : Optional.empty();
        call.console()
                .out()
                .print(
                        ConnectionText.env(
                                shell,
                                call.services().store().certs(),
                                target.url(),
                                target.machine().name(),
                                noProxy,
                                commandLine));
        target.warn(call);
        return ExitCode.OK;
    }

    private static int unset(Invocation call, Shell shell, String commandLine) {
        if (!call.words().isEmpty()) {
            throw Invocation.usage("expected no machine name with --unset");
        }
        Optional<String> variable =
                call.flag("--no-proxy")
                        ? Optional.of(noProxyVariable(call.console()))
                        : Optional.empty();
        call.console().out().print(ConnectionText.unset(shell, variable, commandLine));
        return ExitCode.OK;
    }

    private static NoProxy noProxy(Console console, String address) {
        String variable = noProxyVariable(console);
        String value = console.variable(variable).orElse("");
        if (Arrays.asList(value.split(",")).contains(address)) {
            return new NoProxy(variable, value);
        }
        return new NoProxy(variable, value.isEmpty() ? address : value + "," + address);
    }

    private static String noProxyVariable(Console console) {
        return console.variable("no_proxy").isPresent() ? "no_proxy" : "NO_PROXY";
    }
}
