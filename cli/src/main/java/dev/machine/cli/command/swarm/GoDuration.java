package dev.machine.cli.command.swarm;

import dev.machine.cli.command.Invocation;
import java.time.Duration;
import java.util.List;

/** A length of time as Go writes it: {@code 60s}, {@code 1m30s}, {@code 1.5h}, {@code 200ms}. */
final class GoDuration {
    private static final int MAX_LENGTH = 100;
    private static final int MAX_DIGITS = 9;

    /** A unit and its length in seconds. "ms" comes before "m", because the first match wins. */
    private record Unit(String name, double seconds) {}

    private static final List<Unit> UNITS =
            List.of(
                    new Unit("ms", 0.001),
                    new Unit("s", 1),
                    new Unit("m", 60),
                    new Unit("h", 3600));

    private final String text;
    private int at;

    private GoDuration(String text) {
        this.text = text;
    }

    /** Parses the value of an option. */
    static Duration parse(String option, String text) {
        double seconds = text.length() > MAX_LENGTH ? -1 : new GoDuration(text).seconds();
        if (seconds < 0) {
            throw Invocation.usage(
                    option + " takes a time like 60s, 1m30s or 500ms, not \"" + text + "\"");
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /** The sum of all parts in seconds; negative if the text is not a time. */
    private double seconds() {
        double seconds = 0;
        do {
            int begin = at;
            boolean good = digits();
            if (at < text.length() && text.charAt(at) == '.') {
                at++;
                good &= digits();
            }
            double number = good ? Double.parseDouble(text.substring(begin, at)) : 0;
            double unit = unit();
            if (!good || unit < 0) {
                return -1;
            }
            seconds += number * unit;
        } while (at < text.length());
        return seconds;
    }

    private boolean digits() {
        int begin = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at > begin && at - begin <= MAX_DIGITS;
    }

    private double unit() {
        for (Unit unit : UNITS) {
            if (text.startsWith(unit.name, at)) {
                at += unit.name.length();
                return unit.seconds;
            }
        }
        return -1;
    }
}
