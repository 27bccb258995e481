package dev.machine.cli.command;

import dev.machine.cli.output.ProgressPrinter;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.lifecycle.NodeProgress;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine start}, {@code stop}, {@code restart} and {@code kill}. */
public final class Power implements Verb {
    private final String name;
    private final String gerund;
    private final String done;
    private final Action action;

    private interface Action {
        void run(Lifecycle lifecycle, String machine, NodeProgress progress);
    }

    private Power(String name, String gerund, String done, Action action) {
        this.name = name;
        this.gerund = gerund;
        this.done = done;
        this.action = action;
    }

    public static Power start() {
        return new Power("start", "Starting", "started", Lifecycle::start);
    }

    public static Power stop() {
        return new Power("stop", "Stopping", "stopped", Lifecycle::stop);
    }

    public static Power restart() {
        return new Power("restart", "Restarting", "restarted", Lifecycle::restart);
    }

    public static Power kill() {
        return new Power("kill", "Killing", "killed", Lifecycle::kill);
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
        List<String> names = Names.many(call);
        // All are known before the first is touched.
        names.forEach(call.services().store()::load);
        Lifecycle lifecycle = call.services().lifecycle();
        try (ProgressPrinter progress =
                ProgressPrinter.choose(call.console(), call.globals().quiet(), names.size())) {
            return SideBySide.run(
                    call,
                    progress,
                    names,
                    Function.identity(),
                    machine -> {
                        progress.say(machine, gerund + "...");
                        action.run(lifecycle, machine, progress);
                        progress.finished(machine, done);
                    });
        }
    }
}
