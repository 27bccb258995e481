package dev.machine.cli.command;

import dev.machine.cli.output.ProgressPrinter;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.lifecycle.RunOptions;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine provision}: makes nodes again what their records say, or goes on where it failed.
 */
public final class ProvisionCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                Options.command(
                                "provision",
                                "Make machines what their records say; changes settings of their engines.")
                        .addOption(
                                Options.flag("connect, print the plan, write nothing", "--dry-run"))
                        .addOption(
                                Options.value(
                                        "FORM",
                                        "text, or json: one event a line",
                                        "-o",
                                        "--output"))
                        .addOption(AskedPasswords.sshOption())
                        .addOption(AskedPasswords.sudoOption())
                        .addOption(AskedPasswords.clockOption())
                        .addOption(AskedPasswords.restartOption())
                        .addOption(AskedPasswords.packagesOption());
        return EngineFlags.addTo(spec).addPositional(Options.machines());
    }

    @Override
    public int run(Invocation call) {
        List<String> names = MachineNames.many(call);
        names.forEach(call.services().store()::load);
        boolean dryRun = call.flag("--dry-run");
        Lifecycle lifecycle = call.services().lifecycle();
        try (ProgressPrinter progress = CreateCommand.progress(call, dryRun, names.size())) {
            RunOptions options = AskedPasswords.of(call, progress);
            return ParallelActions.run(
                    call,
                    progress,
                    names,
                    Function.identity(),
                    name ->
                            CreateCommand.finished(
                                    progress,
                                    name,
                                    dryRun,
                                    lifecycle.provision(
                                            name,
                                            settings -> EngineFlags.apply(call, settings),
                                            options,
                                            dryRun,
                                            progress)));
        }
    }
}
