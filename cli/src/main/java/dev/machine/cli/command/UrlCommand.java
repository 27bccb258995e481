package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine url}: the URL of a machine's engine. */
public final class UrlCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("url", "Print the URL of a machine's engine.")
                .addPositional(Options.word("[NAME]", "the machine"));
    }

    @Override
    public int run(Invocation call) {
        ConnectionTarget target =
                ConnectionTarget.load(call.services().store(), MachineNames.one(call), false);
        call.answer(target.url());
        target.warn(call);
        return ExitCode.OK;
    }
}
