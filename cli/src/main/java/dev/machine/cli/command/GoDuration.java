package dev.machine.cli.command;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as Go writes it: {@code 60s}, {@code 1m30s}, {@code 1.5h}, {@code 200ms}. */
final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|h)");
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");

    private GoDuration() {}

    /** The value of an option. */
    static Duration parse(String option, String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw Invocation.usage(
                    option + " takes a time like 60s, 1m30s or 500ms, not \"" + text + "\"");
        }
        double seconds = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            seconds += Double.parseDouble(part.group(1)) * unit(part.group(2));
        }
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private static double unit(String name) {
        return switch (name) {
            case "h" -> 3600;
            case "m" -> 60;
            case "s" -> 1;
            default -> 0.001;
        };
    }
}
