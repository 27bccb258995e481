package dev.machine.cli.command;

import dev.machine.cli.output.Report;
import dev.machine.common.ExitCode;
import dev.machine.provisioning.store.Store;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine ls}: all machines and their states. */
public final class LsCommand implements Command {
    private static final int DEFAULT_TIMEOUT_SECONDS = 10;

    @Override
    public CommandSpec spec() {
        return Options.command("ls", "List machines.")
                .addOption(Options.flag("names only", "-q", "--quiet"))
                .addOption(
                        Options.flag("show what the store knows; contact no machine", "--cached"))
                .addOption(
                        Options.values(
                                "KEY=VALUE",
                                "driver=, state=, name=REGEX, swarm=MASTER, label=K[=V]",
                                "--filter"))
                .addOption(
                        Options.value(
                                "SECONDS",
                                "how long to wait for a machine (10)",
                                "-t",
                                "--timeout"))
                .addOption(Options.format())
                .addOption(Options.output());
    }

    @Override
    public int run(Invocation call) {
        RowFilter filter = new RowFilter(call.values("--filter"));
        boolean names = call.flag("--quiet");
        Inventory inventory =
                new Inventory(
                        call.services().store().entries(), call.console().variable("DOCKER_HOST"));
        boolean ask = filter.needsState() || (!names && !call.flag("--cached") && !namesOnly(call));
        List<MachineRow> rows =
                (ask
                                ? inventory.asked(
                                        call.services().lifecycle(),
                                        call.seconds("--timeout", DEFAULT_TIMEOUT_SECONDS))
                                : inventory.cached())
                        .stream().filter(filter::accepts).toList();
        Report report = Report.of(MachineRow.COLUMNS, rows);
        Optional<String> output = names ? Optional.of("name") : call.value("--output");
        call.console()
                .out()
                .print(
                        report.render(
                                names ? Optional.empty() : call.value("--format"), output, "Name"));
        tellOfForeign(call);
        return ExitCode.OK;
    }

    /** Names the folders in the store that machine did not make and does not list. */
    private static void tellOfForeign(Invocation call) {
        Store store = call.services().store();
        List<String> foreign = store.foreign();
        if (!foreign.isEmpty()) {
            call.tell(
                    "ignored, because machine did not make it: %s in %s; MACHINE_STORAGE_PATH sets another folder"
                            .formatted(
                                    String.join(", ", foreign), store.base().resolve("machines")));
        }
    }

    private static boolean namesOnly(Invocation call) {
        return call.value("--format").isEmpty()
                && call.value("--output").filter("name"::equals).isPresent();
    }
}
