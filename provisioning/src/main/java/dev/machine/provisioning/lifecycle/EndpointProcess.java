package dev.machine.provisioning.lifecycle;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.PidLock;
import dev.machine.common.Poll;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Runs endpoints as processes that outlive the command that starts them: in a session of their own,
 * without input, with their output in {@code endpoint.log} of the master's folder. Only the {@link
 * PidLock} decides whether one runs, and only the process that holds it is signalled.
 */
public final class EndpointProcess implements Endpoints {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    /** A running endpoint that does not answer within this time is replaced. */
    private static final Duration RUNNING_ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private static final String PING = "/_ping";
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
    private static final long MAX_LOG_BYTES = 10L << 20;
    private static final int SHOWN_LOG_LINES = 10;

    private static final Predicate<String> NOT_INHERITED =
            Pattern.compile("DOCKER_.*|.*_ACCESS_TOKEN|MACHINE_.*PASSWD").asMatchPredicate();

    private final Store store;
    private final Function<String, List<String>> command;
    private final Poll poll;
    private final EngineProbe probe;

    /**
     * @param command the command line for a master's name: {@code machine swarm manage} of this
     *     build
     */
    public EndpointProcess(Store store, Function<String, List<String>> command, Poll poll) {
        this.store = store;
        this.command = command;
        this.poll = poll;
        this.probe = new EngineProbe(store);
    }

    @Override
    public boolean running(String name) {
        return store.endpointLock(name).isHeld();
    }

    @Override
    public boolean answers(String name, Duration deadline) {
        try {
            return probe.get(url(name), PING, deadline).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private String url(String name) {
        return store.load(name)
                .url()
                .orElseThrow(() -> new MachineException(name + " has no URL to listen on"));
    }

    /** An endpoint that another command has just started may not answer yet. */
    private boolean comesToAnswer(String name) {
        return poll.until(
                        RUNNING_ANSWER_TIMEOUT,
                        POLL_INTERVAL,
                        () -> !running(name) || answers(name, ASK_TIMEOUT))
                && running(name);
    }

    @Override
    public void check(String url) {
        URI uri = uri(url);
        try {
            InetAddress address = InetAddress.getByName(uri.getHost());
            if (address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null) {
                return;
            }
        } catch (IOException e) {
            throw new MachineException(
                    uri.getHost() + " of --url has no address here",
                    "name an address of this computer, as tcp://127.0.0.1:3376",
                    ExitCode.PRE_CREATE_CHECK,
                    e);
        }
        throw new MachineException(
                uri.getHost() + " is not an address of this computer, and an endpoint runs on it",
                "name one of its addresses, as tcp://127.0.0.1:3376",
                ExitCode.PRE_CREATE_CHECK);
    }

    @Override
    public void start(String name) {
        String url = url(name);
        if (running(name)) {
            if (comesToAnswer(name)) {
                return;
            }
            stop(name);
        }
        check(url);
        refuseTaken(name, url);
        Path log = store.machine(name).resolve("endpoint.log");
        long from = rotate(log);
        Process process = launch(name, log);
        awaitAnswer(name, process, log, from);
    }

    /** Otherwise the answer of another endpoint would be taken for the answer of this one. */
    private void refuseTaken(String name, String url) {
        if (!answers(name, ASK_TIMEOUT)) {
            return;
        }
        String holder =
                store.machines().stream()
                        .filter(it -> it.swarm().master() && !it.name().equals(name))
                        .filter(it -> it.url().equals(Optional.of(url)))
                        .map(MachineRecord::name)
                        .findFirst()
                        .orElse("another endpoint");
        throw new MachineException(
                "%s answers at %s, so %s cannot listen there".formatted(holder, url, name),
                "stop that one, or remove %s and make it with another --url".formatted(name),
                ExitCode.ERROR);
    }

    @Override
    public void stop(String name) {
        new Supervisor(store.machine(name)).end();
        if (signalled(name, false, DRAIN_TIMEOUT) || signalled(name, true, KILL_TIMEOUT)) {
            return;
        }
        throw new MachineException(
                name + " does not stop, not even when killed: its process hangs in the kernel");
    }

    private boolean signalled(String name, boolean kill, Duration patience) {
        PidLock lock = store.endpointLock(name);
        OptionalLong holder = lock.holder();
        if (holder.isEmpty()) {
            return true;
        }
        ProcessHandle.of(holder.getAsLong())
                .ifPresent(kill ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
        return poll.until(patience, POLL_INTERVAL, () -> !lock.isHeld());
    }

    private void awaitAnswer(String name, Process process, Path log, long from) {
        boolean decided =
                poll.until(
                        START_TIMEOUT,
                        POLL_INTERVAL,
                        () -> !process.isAlive() || (answers(name, ASK_TIMEOUT) && running(name)));
        if (!decided) {
            process.destroy();
            throw failed(
                    name, "did not answer within " + START_TIMEOUT.toSeconds() + " s", log, from);
        }
        if (!process.isAlive()) {
            throw failed(name, "ended with exit code " + process.exitValue(), log, from);
        }
    }

    private Process launch(String name, Path log) {
        List<String> line = new ArrayList<>(List.of("setsid"));
        line.addAll(new Supervisor(store.machine(name)).over(command.apply(name)));
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .directory(store.base().toFile())
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // The endpoint must not depend on the shell that started it, and must not have its secrets.
        builder.environment().keySet().removeIf(NOT_INHERITED);
        // glibc gives every thread an arena, most of which a JVM never uses.
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "1");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new MachineException(
                    "cannot start the endpoint " + name + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** Keeps one old log; returns the offset of the new lines. */
    private static long rotate(Path log) {
        try {
            if (!Files.exists(log)) {
                AtomicFiles.write(log, "", AtomicFiles.PRIVATE);
                return 0;
            }
            if (Files.size(log) > MAX_LOG_BYTES) {
                Files.move(
                        log,
                        log.resolveSibling("endpoint.log.1"),
                        StandardCopyOption.REPLACE_EXISTING);
                AtomicFiles.write(log, "", AtomicFiles.PRIVATE);
                return 0;
            }
            return Files.size(log);
        } catch (IOException e) {
            throw new MachineException("cannot write " + log + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static MachineException failed(String name, String how, Path log, long from) {
        return new MachineException(
                "the endpoint " + name + " " + how + lastLines(log, from),
                "the whole log: machine logs " + name,
                ExitCode.ERROR);
    }

    private static String lastLines(Path log, long from) {
        try {
            byte[] all = Files.readAllBytes(log);
            List<String> lines =
                    new String(all, (int) from, (int) (all.length - from), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
            List<String> last =
                    lines.subList(Math.max(0, lines.size() - SHOWN_LOG_LINES), lines.size());
            return last.isEmpty() ? ", without output" : ":\n" + String.join("\n", last);
        } catch (IOException e) {
            return " (its log cannot be read: " + AtomicFiles.reason(e) + ")";
        }
    }

    private static URI uri(String url) {
        URI uri = URI.create(url);
        if (!"tcp".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() <= 0) {
            throw new MachineException(
                    "--url of an endpoint is tcp://ADDRESS:PORT, not \"" + url + "\"",
                    null,
                    ExitCode.USAGE);
        }
        return uri;
    }
}
