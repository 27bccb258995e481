package dev.machine.cli.command;

import dev.machine.cli.output.ProgressPrinter;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.step.NodeProgress;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine start}, {@code stop}, {@code restart} and {@code kill}. */
public final class PowerCommand implements Command {
    private final String name;
    private final String gerund;
    private final String done;
    private final Action action;

    private interface Action {
        void run(Lifecycle lifecycle, String machine, NodeProgress progress);
    }

    private PowerCommand(String name, String gerund, String done, Action action) {
        this.name = name;
        this.gerund = gerund;
        this.done = done;
        this.action = action;
    }

    public static PowerCommand start() {
        return new PowerCommand("start", "Starting", "started", Lifecycle::start);
    }

    public static PowerCommand stop() {
        return new PowerCommand("stop", "Stopping", "stopped", Lifecycle::stop);
    }

    public static PowerCommand restart() {
        return new PowerCommand("restart", "Restarting", "restarted", Lifecycle::restart);
    }

    public static PowerCommand kill() {
        return new PowerCommand("kill", "Killing", "killed", Lifecycle::kill);
    }

    @Override
    public CommandSpec spec() {
        return Options.command(
                        name,
                        Character.toUpperCase(name.charAt(0))
                                + name.substring(1)
                                + " machines, or a swarm's endpoint.")
                .addPositional(Options.machines());
    }

    @Override
    public int run(Invocation call) {
        List<String> names = MachineNames.many(call);
        // An unknown name is reported before any machine is changed.
        names.forEach(call.services().store()::load);
        Lifecycle lifecycle = call.services().lifecycle();
        try (ProgressPrinter progress =
                ProgressPrinter.choose(call.console(), call.globals().quiet(), names.size())) {
            return ParallelActions.run(
                    call,
                    progress,
                    names,
                    machine -> {
                        progress.say(machine, gerund + "...");
                        action.run(lifecycle, machine, progress);
                        progress.finished(machine, done);
                    });
        }
    }
}
