package dev.machine.cli.command;

import dev.machine.cli.output.ProgressPrinter;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.lifecycle.RunOptions;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code machine provision}: sets nodes up as their records say, and continues where an earlier run
 * failed.
 */
public final class ProvisionCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                Options.command(
                                "provision",
                                "Set machines up as their records say, or change settings of their engines.")
                        .addPositional(Options.machines());
        Options.add(spec, commonOptions());
        Options.add(spec, EngineFlags.options());
        return spec;
    }

    @Override
    public List<HelpSection> help(CommandSpec spec, ParseResult typed) {
        return List.of(
                HelpSection.ofOptions("Options", commonOptions()),
                EngineFlags.help(),
                Globals.help());
    }

    private static List<OptionSpec> commonOptions() {
        return List.of(
                Options.dryRun(),
                Options.events(),
                RunFlags.sshPassword(),
                RunFlags.sudoPassword(),
                RunFlags.setClock(),
                RunFlags.restartContainers(),
                RunFlags.packageChanges());
    }

    @Override
    public int run(Invocation call) {
        List<String> names = MachineNames.many(call);
        names.forEach(call.services().store()::load);
        boolean dryRun = call.flag("--dry-run");
        Lifecycle lifecycle = call.services().lifecycle();
        try (ProgressPrinter progress = CreateCommand.progress(call, dryRun, names.size())) {
            RunOptions options = RunFlags.read(call, progress);
            return ParallelActions.run(
                    call,
                    progress,
                    names,
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
