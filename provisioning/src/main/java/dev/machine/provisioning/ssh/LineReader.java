package dev.machine.provisioning.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads one stream of a channel to its end in its own thread: line by line for a listener, and
 * whole for the result. Both have limits.
 */
final class LineReader {
    /**
     * More than any of our scripts prints; the rest is dropped, so that a runaway command cannot
     * fill the memory.
     */
    private static final int MAX_OUTPUT_BYTES = 4 << 20;

    /** Longer than any line of a sensible program. */
    private static final int MAX_LINE_BYTES = 64 << 10;

    /** More than any installation prints; the listener may be a terminal. */
    private static final int MAX_LINES = 20_000;

    private final Object changed;
    private final Consumer<String> lines;
    private final StringBuilder text = new StringBuilder();
    private boolean ended;

    private LineReader(Object changed, Consumer<String> lines) {
        this.changed = changed;
        this.lines = lines;
    }

    static LineReader start(InputStream from, Consumer<String> lines) {
        LineReader reader = new LineReader(new Object(), lines);
        Thread.ofVirtual().start(() -> reader.read(from));
        return reader;
    }

    private void read(InputStream from) {
        StringBuilder line = new StringBuilder();
        int told = 0;
        char[] buffer = new char[8192];
        try (Reader reader = new InputStreamReader(from, StandardCharsets.UTF_8)) {
            int count = reader.read(buffer);
            while (count >= 0) {
                String piece = new String(buffer, 0, count);
                add(piece);
                for (int i = 0; i < piece.length(); i++) {
                    char c = piece.charAt(i);
                    if (c != '\n') {
                        if (line.length() < MAX_LINE_BYTES) {
                            line.append(c);
                        }
                    } else {
                        if (told++ < MAX_LINES) {
                            lines.accept(line.toString());
                        }
                        line.setLength(0);
                    }
                }
                count = reader.read(buffer);
            }
        } catch (IOException e) {
            // The channel broke; the missing exit status shows it.
        } finally {
            synchronized (changed) {
                ended = true;
                changed.notifyAll();
            }
        }
    }

    private void add(String piece) {
        synchronized (changed) {
            if (text.length() < MAX_OUTPUT_BYTES) {
                text.append(piece);
            }
            changed.notifyAll();
        }
    }

    String text() {
        synchronized (changed) {
            return text.toString();
        }
    }

    boolean contains(String word, int times) {
        String all = text();
        int from = -1;
        for (int i = 0; i < times; i++) {
            from = all.indexOf(word, from + 1);
            if (from < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean ended() {
        synchronized (changed) {
            return ended;
        }
    }

    boolean awaitEnd(Deadline clock) throws InterruptedException {
        synchronized (changed) {
            while (!ended && !clock.passed()) {
                changed.wait(Math.max(1, clock.left().toMillis()));
            }
            return ended;
        }
    }

    /**
     * Waits until one reader has seen a word this many times (true), or the other has seen its word
     * or ended (false).
     */
    static boolean awaitEither(
            LineReader one,
            String word,
            int times,
            LineReader other,
            String otherWord,
            Deadline clock)
            throws InterruptedException {
        while (!clock.passed()) {
            if (other.contains(otherWord, 1)) {
                return false;
            }
            if (one.contains(word, times)) {
                return true;
            }
            if (other.ended()) {
                return false;
            }
            synchronized (one.changed) {
                one.changed.wait(20);
            }
        }
        return false;
    }
}
