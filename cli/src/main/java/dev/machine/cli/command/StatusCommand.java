package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import dev.machine.provisioning.lifecycle.Lifecycle;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine status}: the state of one machine in one word; the reason goes to standard error.
 */
public final class StatusCommand implements Command {
    private static final int DEFAULT_TIMEOUT_SECONDS = 10;

    @Override
    public CommandSpec spec() {
        return Options.command("status", "Print the state of a machine.")
                .addOption(Options.value("SECONDS", "how long to wait (10)", "-t", "--timeout"))
                .addPositional(Options.word("[NAME]", "the machine"));
    }

    @Override
    public int run(Invocation call) {
        String name = MachineNames.one(call);
        call.services().store().load(name);
        Lifecycle.State state =
                call.services()
                        .lifecycle()
                        .state(name, call.seconds("--timeout", DEFAULT_TIMEOUT_SECONDS));
        call.answer(state.word());
        state.error().ifPresent(error -> call.tell(name + ": " + error));
        return ExitCode.OK;
    }
}
