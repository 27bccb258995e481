package dev.machine.cli.command.certs;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.MachineNames;
import dev.machine.cli.command.Options;
import dev.machine.cli.command.ParallelQueries;
import dev.machine.cli.output.Report;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.store.CertificateFiles;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine certs ls}: all certificates and when they expire. Engines are asked for theirs,
 * all at the same time, because the certificate in use may differ from the one in the store.
 */
public final class CertsLsCommand implements Command {
    private static final int DEFAULT_TIMEOUT_SECONDS = 10;

    @Override
    public CommandSpec spec() {
        return Options.command("certs ls", "List certificates and when they expire.")
                .addOption(
                        Options.value(
                                "SECONDS",
                                "how long to wait for an engine (10)",
                                "-t",
                                "--timeout"))
                .addOption(Options.format())
                .addOption(Options.output())
                .addPositional(
                        Options.words("NAME", "these machines only; default: all and the store"));
    }

    @Override
    public int run(Invocation call) {
        Store store = call.services().store();
        Duration timeout = call.seconds("--timeout", DEFAULT_TIMEOUT_SECONDS);
        Lifecycle lifecycle = call.services().lifecycle();
        List<Query> queries = new ArrayList<>();
        if (call.words().isEmpty()) {
            queries.addAll(cas(call));
            queries.add(stored("", "user", store.certs().resolve(CertificateFiles.USER)));
            store.machines()
                    .forEach(
                            machine -> queries.addAll(queries(store, machine, lifecycle, timeout)));
        } else {
            MachineNames.many(call)
                    .forEach(
                            name ->
                                    queries.addAll(
                                            queries(store, store.load(name), lifecycle, timeout)));
        }
        List<CertificateRow> rows =
                ParallelQueries.ask(queries, timeout, Query::row, query -> query.late(timeout));
        call.answer(Report.of(CertificateRow.COLUMNS, rows), "Name");
        rows.forEach(row -> row.warning().ifPresent(call::tell));
        return ExitCode.OK;
    }

    /** A certificate, and how to read it. */
    private record Query(String name, String use, Supplier<CertificateRow> question) {
        CertificateRow row() {
            return question.get();
        }

        CertificateRow late(Duration timeout) {
            return CertificateRow.unknown(
                    name, use, "no answer within " + timeout.toSeconds() + " s");
        }
    }

    /** The CAs of the store; there are two while one replaces the other. */
    private static List<Query> cas(Invocation call) {
        try {
            return call.services().caRotation().trusted().stream()
                    .map(ca -> new Query("", ca.role(), () -> row("", ca.role(), ca.certificate())))
                    .toList();
        } catch (MachineException e) {
            return List.of(
                    new Query("", "CA", () -> CertificateRow.unknown("", "CA", e.sentence())));
        }
    }

    private static CertificateRow row(String name, String use, X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        return CertificateRow.until(name, use, end, Instant.now());
    }

    private static List<Query> queries(
            Store store, MachineRecord machine, Lifecycle lifecycle, Duration timeout) {
        String name = machine.name();
        if (machine.swarm().master()) {
            Path folder = store.machine(name);
            return List.of(
                    stored(name, "endpoint", folder.resolve(CertificateFiles.ENDPOINT_SERVER)),
                    stored(
                            name,
                            "endpoint at engines",
                            folder.resolve(CertificateFiles.ENDPOINT_CLIENT)));
        }
        return machine.url().isEmpty()
                ? List.of()
                : List.of(
                        new Query(
                                name,
                                "engine",
                                () ->
                                        shown(
                                                name,
                                                lifecycle.engines(machine),
                                                machine.url().get(),
                                                timeout)));
    }

    private static Query stored(String name, String use, Path file) {
        return new Query(name, use, () -> read(name, use, file));
    }

    private static CertificateRow read(String name, String use, Path file) {
        try {
            return row(name, use, Pem.certificates(file).getFirst());
        } catch (MachineException e) {
            return CertificateRow.unknown(name, use, e.sentence());
        }
    }

    private static CertificateRow shown(
            String name, EngineProbe engines, String url, Duration timeout) {
        try {
            Instant end = engines.get(url, "/_ping", timeout).provenUntil();
            return CertificateRow.until(name, "engine", end, Instant.now());
        } catch (IOException | MachineException e) {
            return CertificateRow.unknown(name, "engine", String.valueOf(e.getMessage()));
        }
    }
}
