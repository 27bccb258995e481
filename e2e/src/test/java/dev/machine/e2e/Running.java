package dev.machine.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of a test; what it says is read while it runs. Closing ends it and its children. */
final class Running implements AutoCloseable {
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final List<String> command;
    private final Process process;
    private final StringBuffer out = new StringBuffer();
    private final StringBuffer err = new StringBuffer();
    private final List<Thread> readers;
    private final long began = System.nanoTime();

    private Running(List<String> command, Process process, byte[] stdin) {
        this.command = command;
        this.process = process;
        this.readers =
                List.of(
                        reader(process.getInputStream(), out),
                        reader(process.getErrorStream(), err));
        Thread.ofVirtual().start(() -> write(stdin));
    }

    /**
     * Starts a command.
     *
     * @param environment all of it; nothing else is inherited
     */
    static Running start(
            List<String> command, Path folder, Map<String, String> environment, byte[] stdin) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Running(List.copyOf(command), builder.start(), stdin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread reader(InputStream from, StringBuffer to) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            byte[] block = new byte[8192];
                            try (from) {
                                for (int n = from.read(block); n >= 0; n = from.read(block)) {
                                    to.append(new String(block, 0, n, StandardCharsets.UTF_8));
                                }
                            } catch (IOException e) {
                                // Closed under us: the process was ended.
                            }
                        });
    }

    private void write(byte[] stdin) {
        try (var in = process.getOutputStream()) {
            in.write(stdin);
        } catch (IOException e) {
            // A process need not read what it is given.
        }
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    String outSoFar() {
        return out.toString();
    }

    String errSoFar() {
        return err.toString();
    }

    /** Waits for its end; one that does not end in time is ended and fails the test. */
    Output await(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                close();
                throw new AssertionError(
                        "no end within " + deadline.toSeconds() + " s: " + output(-1));
            }
            for (Thread reader : readers) {
                // A daemon that kept our pipe open must not hang the test.
                reader.join(LAST_WORDS);
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return output(process.exitValue());
    }

    private Output output(int status) {
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return new Output(command, status, out.toString(), err.toString(), took);
    }

    void signal(String name) {
        signal(name, pid());
    }

    static void signal(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try (Stream<ProcessHandle> children = process.descendants()) {
            children.toList().forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
    }
}
