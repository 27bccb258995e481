package dev.machine.cli.command;

import dev.machine.cli.output.ProgressPrinter;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Power;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.store.Store;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine rm}: removes machines, after a confirmation. */
public final class RmCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("rm", "Remove machines.")
                .addOption(
                        Options.flag(
                                "remove the record even if the machine cannot be removed; do not ask",
                                "-f",
                                "--force"))
                .addOption(Options.flag("do not ask for confirmation", "-y"))
                .addOption(
                        Options.flag(
                                "put the node back as it was before create; refused while containers,"
                                        + " volumes or images built there would be lost",
                                "--purge"))
                .addOption(RunFlags.sshPassword())
                .addOption(RunFlags.sudoPassword())
                .addPositional(Options.machines());
    }

    @Override
    public int run(Invocation call) {
        if (call.words().isEmpty()) {
            throw Invocation.usage("expected to get one or more machine names as arguments");
        }
        List<String> names = MachineNames.many(call);
        boolean force = call.flag("--force");
        Store store = call.services().store();
        List<String> there = names.stream().filter(store::exists).toList();
        List<String> missing = names.stream().filter(name -> !there.contains(name)).toList();
        if (there.isEmpty()) {
            return missing(call, missing, force, ExitCode.NOT_FOUND);
        }
        if (!force && !call.flag("-y")) {
            confirm(call, there);
        }
        int removed = ExitCode.SOME_FAILED;
        int others;
        try {
            removed = remove(call, there, force);
        } finally {
            others = missing(call, missing, force, ExitCode.SOME_FAILED);
        }
        return removed == ExitCode.OK ? others : removed;
    }

    /**
     * Reports the machines that do not exist. With {@code --force} this is not an error, because
     * nothing is left to remove.
     */
    private static int missing(Invocation call, List<String> names, boolean force, int exit) {
        for (String name : names) {
            if (force) {
                call.tell(name + ": there is no such machine, nothing to remove");
            } else {
                Failures.report(
                        call.console(),
                        call.globals().debug(),
                        call.services().store().notFound(name));
            }
        }
        return names.isEmpty() || force ? ExitCode.OK : exit;
    }

    private static int remove(Invocation call, List<String> names, boolean force) {
        Lifecycle lifecycle = call.services().lifecycle();
        try (ProgressPrinter progress =
                ProgressPrinter.choose(call.console(), call.globals().quiet(), names.size())) {
            Lifecycle.Removal how =
                    new Lifecycle.Removal(
                            force, call.flag("--purge"), RunFlags.read(call, progress));
            return ParallelActions.run(
                    call,
                    progress,
                    names,
                    name -> {
                        lifecycle.remove(name, how, progress);
                        call.answer("Successfully removed " + name);
                    });
        }
    }

    /**
     * What the user is warned of; docker-machine's sentence is true only of machines of a cloud.
     */
    private static String consequence(Invocation call, List<String> names) {
        if (names.stream().anyMatch(name -> isCloud(call, name))) {
            return "This action will delete both local reference and remote instance.";
        }
        return call.flag("--purge")
                ? "This puts the node back as it was before create, and removes its record."
                : "This removes the record; the node stays as it is (--purge puts it back as it was).";
    }

    /** Whether a machine belongs to a cloud; also true if its record cannot be read. */
    private static boolean isCloud(Invocation call, String name) {
        try {
            String driver = call.services().store().load(name).driver();
            return call.services().drivers().stream()
                    .filter(it -> it.info().name().equals(driver))
                    .findFirst()
                    .map(it -> it.power() instanceof Power.ByApi)
                    .orElse(true);
        } catch (MachineException e) {
            return true;
        }
    }

    private static void confirm(Invocation call, List<String> names) {
        String question =
                "About to remove "
                        + String.join(", ", names)
                        + "\nWARNING: "
                        + consequence(call, names)
                        + "\nAre you sure?";
        if (!Confirmation.yes(call, question)) {
            throw new MachineException(
                    "nothing was removed", "machine rm -y does not ask", ExitCode.ERROR);
        }
    }
}
