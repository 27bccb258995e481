package dev.machine.cli.command;

import dev.machine.cli.output.PrintableLines;
import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.PidLock;
import dev.machine.provisioning.store.MachineRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine logs}: the log of a master's endpoint. */
public final class LogsCommand implements Command {
    private static final int POLL_INTERVAL_MILLIS = 250;

    @Override
    public CommandSpec spec() {
        return Options.command("logs", "Print the log of a swarm's endpoint.")
                .addOption(
                        Options.flag("follow the log until the endpoint stops", "-f", "--follow"))
                .addPositional(Options.word("[NAME]", "the master"));
    }

    @Override
    public int run(Invocation call) {
        String name = MachineNames.one(call);
        MachineRecord machine = call.services().store().load(name);
        if (!machine.swarm().master()) {
            throw new MachineException(
                    name + " is not a swarm master",
                    machine.ssh().isPresent()
                            ? "machine ssh " + name + " journalctl -u docker shows an engine's log"
                            : "an engine's log is where the engine runs: "
                                    + machine.url().orElse("its URL is not known"),
                    ExitCode.ERROR);
        }
        Path folder = call.services().store().machine(name);
        Path log = folder.resolve("endpoint.log");
        if (!Files.exists(log)) {
            throw new MachineException(
                    name + " has no log: it was never started",
                    "machine start " + name,
                    ExitCode.ERROR);
        }
        // The JVM also writes to this file, and its lines may contain text that clients sent.
        try (PrintableLines lines = new PrintableLines(call.console().out())) {
            long from = copy(lines, log, 0);
            if (call.flag("--follow")) {
                follow(call, lines, log, from, call.services().store().endpointLock(name));
            }
        } catch (IOException e) {
            throw new MachineException("cannot read " + log + ": " + AtomicFiles.reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
        return ExitCode.OK;
    }

    private static void follow(
            Invocation call, PrintableLines lines, Path log, long begin, PidLock lock)
            throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long from = begin;
        boolean alive = true;
        // Once more after the endpoint has stopped, for the lines that it wrote last.
        while (alive && !call.console().out().checkError()) {
            alive = lock.isHeld();
            from = copy(lines, log, from);
            if (alive && never.await(POLL_INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    /**
     * Prints the new part of the log. A log that is shorter than before has been rotated and is
     * read from its start.
     */
    private static long copy(PrintableLines lines, Path log, long from) throws IOException {
        try (InputStream in = Files.newInputStream(log)) {
            long start = Files.size(log) < from ? 0 : from;
            in.skipNBytes(start);
            long copied = in.transferTo(lines);
            lines.flush();
            return start + copied;
        }
    }
}
