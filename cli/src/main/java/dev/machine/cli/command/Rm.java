package dev.machine.cli.command;

import dev.machine.cli.output.ProgressPrinter;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.lifecycle.Lifecycle;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine rm}: removes machines, after a question. */
public final class Rm implements Verb {
    @Override
    public CommandSpec spec() {
        return Options.command("rm", "Remove machines.")
                .addOption(
                        Options.flag(
                                "forget it even if it cannot be removed; asks nothing",
                                "-f",
                                "--force"))
                .addOption(Options.flag("ask nothing", "-y"))
                .addOption(
                        Options.flag(
                                "put the node back as it was before create: files, service, packages"
                                        + " that machine installed; refused while containers,"
                                        + " volumes or images built there would be lost",
                                "--purge"))
                .addOption(AskedPasswords.sshOption())
                .addOption(AskedPasswords.sudoOption())
                .addPositional(Options.machines());
    }

    @Override
    public int run(Invocation call) {
        if (call.words().isEmpty()) {
            throw Invocation.usage("expected to get one or more machine names as arguments");
        }
        List<String> names = Names.many(call);
        boolean force = call.flag("--force");
        for (String name : names) {
            if (!call.services().store().exists(name)) {
                call.services().store().load(name);
            }
        }
        if (!force && !call.flag("-y")) {
            confirm(call, names);
        }
        Lifecycle lifecycle = call.services().lifecycle();
        try (ProgressPrinter progress =
                ProgressPrinter.choose(call.console(), call.globals().quiet(), names.size())) {
            Lifecycle.Removal how =
                    new Lifecycle.Removal(
                            force, call.flag("--purge"), AskedPasswords.of(call, progress));
            return SideBySide.run(
                    call,
                    progress,
                    names,
                    Function.identity(),
                    name -> {
                        lifecycle.remove(name, how, progress);
                        call.answer("Successfully removed " + name);
                    });
        }
    }

    private static void confirm(Invocation call, List<String> names) {
        String question =
                "About to remove "
                        + String.join(", ", names)
                        + "\nWARNING: This action will delete both local reference and"
                        + " remote instance.\nAre you sure?";
        if (!Question.yes(call, question)) {
            throw new MachineException(
                    "nothing was removed", "machine rm -y asks nothing", ExitCode.ERROR);
        }
    }
}
