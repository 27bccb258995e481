package dev.machine.driver;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Many names written as one: {@code rack-1-node-[11:15]} is five names, {@code [09:11]} keeps its
 * width (09, 10, 11), several ranges in one word mean all combinations, and a word without a range
 * stands for itself. The grammar is that of Aiyara's {@code --aiyara-host-range}. Errors are usage
 * errors (exit code 2).
 */
public final class NameRange {
    /** More than any rack has, so that a typing error does not start a million connections. */
    static final int MAX_NAMES = 1024;

    private static final Pattern RANGE = Pattern.compile("\\[(\\d{1,9}):(\\d{1,9})]");

    private NameRange() {}

    /** Every word that a pattern stands for, in order. */
    public static List<String> expand(String pattern) {
        List<String> words = new ArrayList<>(List.of(""));
        Matcher ranges = RANGE.matcher(pattern);
        int end = 0;
        while (ranges.find()) {
            List<String> values = values(pattern, ranges.group(1), ranges.group(2));
            words = append(words, literal(pattern, pattern.substring(end, ranges.start())), values);
            if (words.size() > MAX_NAMES) {
                throw wrong(pattern, "it stands for more than " + MAX_NAMES + " names");
            }
            end = ranges.end();
        }
        return append(words, literal(pattern, pattern.substring(end)), List.of(""));
    }

    private static List<String> append(List<String> heads, String middle, List<String> tails) {
        return heads.stream()
                .flatMap(head -> tails.stream().map(tail -> head + middle + tail))
                .toList();
    }

    private static List<String> values(String pattern, String from, String to) {
        int first = Integer.parseInt(from);
        int last = Integer.parseInt(to);
        if (first > last) {
            throw wrong(pattern, first + " is greater than " + last);
        }
        if (last - first >= MAX_NAMES) {
            throw wrong(pattern, "it stands for more than " + MAX_NAMES + " names");
        }
        int width = from.startsWith("0") ? from.length() : 1;
        List<String> values = new ArrayList<>();
        for (int value = first; value <= last; value++) {
            String digits = Integer.toString(value);
            values.add("0".repeat(Math.max(0, width - digits.length())) + digits);
        }
        return values;
    }

    private static String literal(String pattern, String text) {
        if (text.contains("[") || text.contains("]")) {
            throw wrong(pattern, "a range is written [11:15], two whole numbers");
        }
        return text;
    }

    private static MachineException wrong(String pattern, String reason) {
        return new MachineException(
                "wrong range in \"" + pattern + "\": " + reason, null, ExitCode.USAGE);
    }
}
