package dev.machine.cli.command;

import dev.machine.cli.output.Column;
import dev.machine.cli.output.ProgressPrinter;
import dev.machine.cli.output.Report;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.doctor.Finding;
import dev.machine.provisioning.doctor.Finding.Level;
import dev.machine.provisioning.doctor.StoreExamination;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.lifecycle.RunOptions;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine doctor}: finds problems of all nodes at once and of the store, and prints a fix
 * for each. Changes nothing; the exit code is 1 if there is a problem.
 */
public final class DoctorCommand implements Command {
    private static final int DEFAULT_TIMEOUT_SECONDS = 30;

    private static final List<Column<Finding>> COLUMNS =
            List.of(
                    new Column<>(
                            "MACHINE",
                            "Machine",
                            "machine",
                            finding -> finding.machine().isEmpty() ? "-" : finding.machine(),
                            Finding::machine),
                    Column.of("", "Check", "check", Finding::check),
                    Column.of("LEVEL", "Level", "level", DoctorCommand::level),
                    Column.of("FINDING", "Finding", "finding", Finding::sentence),
                    Column.of("CURE", "Cure", "cure", Finding::cure));

    @Override
    public CommandSpec spec() {
        return Options.command(
                        "doctor",
                        "Find problems of machines and of the store, and print a fix for each."
                                + " Changes nothing. The exit code is 1 if there is a problem.")
                .addOption(Options.flag("check the store only; contact no machine", "--cached"))
                .addOption(
                        Options.value(
                                "SECONDS",
                                "how long to wait for a machine (30)",
                                "-t",
                                "--timeout"))
                .addOption(RunFlags.sshPassword())
                .addOption(RunFlags.sudoPassword())
                .addOption(Options.format())
                .addOption(Options.output())
                .addPositional(
                        Options.words("NAME", "these machines only; default: all and the store"));
    }

    @Override
    public int run(Invocation call) {
        Store store = call.services().store();
        Duration timeout = call.seconds("--timeout", DEFAULT_TIMEOUT_SECONDS);
        StoreExamination examination = call.services().storeExamination();
        List<Finding> findings = new ArrayList<>();
        List<MachineRecord> machines;
        if (call.words().isEmpty()) {
            config(call).ifPresent(findings::add);
            findings.addAll(examination.whole());
            machines = store.machines();
        } else {
            machines = MachineNames.many(call).stream().map(store::load).toList();
        }
        machines.forEach(machine -> findings.addAll(examination.of(machine)));
        if (!call.flag("--cached")) {
            ask(call, machines, timeout, findings);
        }
        call.answer(
                Report.of(COLUMNS, once(findings))
                        .withStructured(Report.of(COLUMNS, findings).structured()),
                "Machine");
        long wrong = findings.stream().filter(it -> it.level() != Level.NOTE).count();
        call.tell(
                "%d machine%s checked, %s"
                        .formatted(
                                machines.size(),
                                machines.size() == 1 ? "" : "s",
                                wrong == 0
                                        ? "no problem found"
                                        : wrong
                                                + (wrong == 1
                                                        ? " problem found"
                                                        : " problems found")));
        return wrong == 0 ? ExitCode.OK : ExitCode.ERROR;
    }

    private static Optional<Finding> config(Invocation call) {
        try {
            call.services().defaults();
            return Optional.empty();
        } catch (MachineException e) {
            return Optional.of(Finding.of("", "config", e));
        }
    }

    private static void ask(
            Invocation call,
            List<MachineRecord> machines,
            Duration timeout,
            List<Finding> findings) {
        Lifecycle lifecycle = call.services().lifecycle();
        try (ProgressPrinter progress =
                ProgressPrinter.choose(call.console(), true, machines.size())) {
            RunOptions options = RunFlags.read(call, progress);
            ParallelQueries.ask(
                            machines,
                            timeout,
                            machine -> examine(lifecycle, machine, options),
                            machine -> late(machine, timeout))
                    .forEach(findings::addAll);
        }
    }

    private static List<Finding> examine(
            Lifecycle lifecycle, MachineRecord machine, RunOptions options) {
        try {
            return lifecycle.examine(machine.name(), options);
        } catch (MachineException e) {
            return List.of(Finding.of(machine.name(), "node", e));
        }
    }

    private static List<Finding> late(MachineRecord machine, Duration timeout) {
        return List.of(
                Finding.error(
                        machine.name(),
                        "node",
                        "it did not answer within " + timeout.toSeconds() + " s",
                        "machine doctor --timeout SECONDS " + machine.name()));
    }

    /** Shows a note that several machines have as one row of the table. */
    private static List<Finding> once(List<Finding> findings) {
        Map<Finding, List<String>> machines = new LinkedHashMap<>();
        for (Finding finding : findings) {
            machines.computeIfAbsent(
                            finding.level() == Level.NOTE ? finding.withMachine("") : finding,
                            key -> new ArrayList<>())
                    .add(finding.machine());
        }
        return machines.entrySet().stream()
                .map(entry -> entry.getKey().withMachine(together(entry.getValue())))
                .toList();
    }

    private static String together(List<String> names) {
        return names.size() == 1
                ? names.getFirst()
                : "%s and %d more".formatted(names.getFirst(), names.size() - 1);
    }

    private static String level(Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }
}
