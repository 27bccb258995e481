package dev.machine.common;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Estimates how large a program an expression becomes, without compiling it: every character counts
 * one, and a repetition {@code {n,m}} multiplies what stands before it.
 */
final class PatternSize {
    private static final long MAX_SUM = 1L << 40;

    private final String text;

    /** For each open group, the size of what stands before it. */
    private final Deque<Long> before = new ArrayDeque<>();

    private int at;
    private long sum;
    private long last;

    private PatternSize(String text) {
        this.text = text;
    }

    static long estimate(String expression) {
        return new PatternSize(expression).all();
    }

    private long all() {
        while (at < text.length()) {
            step(text.charAt(at));
        }
        while (!before.isEmpty()) {
            close();
        }
        return sum;
    }

    private void step(char c) {
        switch (c) {
            case '\\' -> escape();
            case '[' -> bracket();
            case '(' -> {
                before.push(sum);
                sum = 0;
                last = 0;
                at++;
            }
            case ')' -> {
                if (!before.isEmpty()) {
                    close();
                }
                at++;
            }
            case '{' -> repetition();
            default -> {
                one();
                at++;
            }
        }
    }

    private void one() {
        add(1);
    }

    private void add(long size) {
        last = size;
        sum = Math.min(MAX_SUM, sum + size);
    }

    private void close() {
        long group = sum + 2;
        sum = before.pop();
        add(group);
    }

    /** {@code \Q…\E} is text; {@code \p{…}} and <code>\x{…}</code> are one character. */
    private void escape() {
        if (text.startsWith("\\Q", at)) {
            int end = text.indexOf("\\E", at + 2);
            int stop = end < 0 ? text.length() : end;
            for (int i = at + 2; i < stop; i++) {
                one();
            }
            at = end < 0 ? stop : end + 2;
            return;
        }
        boolean named = at + 2 < text.length() && "pPx".indexOf(text.charAt(at + 1)) >= 0;
        int end = named && text.charAt(at + 2) == '{' ? text.indexOf('}', at) : -1;
        at = end < 0 ? at + 2 : end + 1;
        one();
    }

    /** A class of characters counts one. */
    private void bracket() {
        int i = at + 1;
        i += i < text.length() && text.charAt(i) == '^' ? 1 : 0;
        i += i < text.length() && text.charAt(i) == ']' ? 1 : 0;
        while (i < text.length() && text.charAt(i) != ']') {
            int named = text.startsWith("[:", i) ? text.indexOf(":]", i + 2) : -1;
            i = named >= 0 ? named + 2 : i + (text.charAt(i) == '\\' ? 2 : 1);
        }
        at = Math.min(text.length(), i + 1);
        one();
    }

    private void repetition() {
        int end = at + 1;
        long number = 0;
        long most = 0;
        while (end < text.length() && (digit(end) || text.charAt(end) == ',')) {
            number = digit(end) ? Math.min(MAX_SUM, number * 10 + text.charAt(end) - '0') : 0;
            most = Math.max(most, number);
            end++;
        }
        if (end < text.length() && text.charAt(end) == '}' && end > at + 1) {
            long repeated = last * Math.max(1, Math.min(most, MAX_SUM / (last + 1)));
            sum = Math.min(MAX_SUM, sum - last + repeated);
            last = repeated;
            at = end + 1;
        } else {
            one();
            at++;
        }
    }

    private boolean digit(int index) {
        return text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }
}
