package dev.machine.common;

import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of every entry of a log: one line, {@code TIME LEVEL NAME - MESSAGE}, whatever the
 * message contains. A message may quote a node, an engine or a client; control characters are
 * escaped (see {@link Printable}), so that none of them can begin a line of its own. No line is
 * longer than {@link #MAX_BYTES}.
 */
public final class LogLine {
    /** The longest line in bytes of UTF-8, with the line feed. */
    public static final int MAX_BYTES = 1024;

    private static final int MAX_FRAMES = 40;
    private static final int MAX_CAUSES = 4;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");

    private LogLine() {}

    /**
     * An entry, with its line feed.
     *
     * @param level as {@code WARN}
     * @param name the last part of the logger's name
     * @param error its causes follow on the same line
     * @param trace whether the stack frames follow, a line each
     */
    public static String of(
            ZonedDateTime now,
            String level,
            String name,
            String message,
            @Nullable Throwable error,
            boolean trace) {
        String head = now.format(TIME) + " " + level + " " + name + " - ";
        StringBuilder text = new StringBuilder(fitting(head + message + reasons(error)));
        if (trace && error != null) {
            for (Throwable cause : causes(error)) {
                text.append(fitting("    " + cause));
                StackTraceElement[] frames = cause.getStackTrace();
                for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
                    text.append(fitting("        at " + frames[i]));
                }
                if (frames.length > MAX_FRAMES) {
                    text.append("        ... ")
                            .append(frames.length - MAX_FRAMES)
                            .append(" more\n");
                }
            }
        }
        return text.toString();
    }

    private static String reasons(@Nullable Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause : causes(error)) {
            text.append(": ").append(cause);
        }
        return text.toString();
    }

    private static List<Throwable> causes(@Nullable Throwable error) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable next = error;
                next != null && causes.size() < MAX_CAUSES;
                next = next.getCause()) {
            causes.add(next);
        }
        return causes;
    }

    private static String fitting(String text) {
        // Escaping never shortens a text, so the part beyond the limit is not needed.
        String line = Printable.line(text.substring(0, Math.min(text.length(), MAX_BYTES)));
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MAX_BYTES && text.length() <= MAX_BYTES) {
            return line + "\n";
        }
        int end = Math.min(bytes.length, MAX_BYTES - 4);
        while (end > 0 && end < bytes.length && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + "...\n";
    }
}
