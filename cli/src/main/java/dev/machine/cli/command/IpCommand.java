package dev.machine.cli.command;

import dev.machine.cli.output.ConnectionText;
import dev.machine.common.ExitCode;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine ip}: the addresses of machines, in the order in which they were named. */
public final class IpCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("ip", "Print the address of machines, one per line.")
                .addPositional(Options.machines());
    }

    @Override
    public int run(Invocation call) {
        List<ConnectionTarget> targets =
                MachineNames.many(call).stream()
                        .map(name -> ConnectionTarget.load(call.services().store(), name, false))
                        .toList();
        for (ConnectionTarget target : targets) {
            call.answer(ConnectionText.ip(target.url()));
            target.warn(call);
        }
        return ExitCode.OK;
    }
}
