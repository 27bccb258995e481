package dev.machine.common;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that a client, a node or a table gave. It has RE2's syntax (that of Go, and
 * so of classic Swarm and Docker: github.com/google/re2/wiki/Syntax), matched in time linear in the
 * text, where {@code java.util.regex} may take for ever. The expression itself has limits, too:
 * fifteen characters can stand for a program of a million steps.
 */
public final class LinearPattern {
    /** The longest expression, in characters. */
    public static final int MAX_LENGTH = 1000;

    /** The largest program that an expression may become, in instructions. */
    static final int MAX_SIZE = 2000;

    private final String expression;
    private final Pattern pattern;

    /**
     * An expression that is not valid or beyond the limits. Its message continues a sentence after
     * "because".
     */
    public static final class BadPatternException extends Exception {
        private static final long serialVersionUID = 1L;

        BadPatternException(String reason) {
            super(reason);
        }
    }

    private LinearPattern(String expression, Pattern pattern) {
        this.expression = expression;
        this.pattern = pattern;
    }

    /**
     * Reads an expression.
     *
     * @throws BadPatternException if RE2 does not know it, or it is beyond the limits
     */
    public static LinearPattern compile(String expression) throws BadPatternException {
        if (expression.length() > MAX_LENGTH) {
            throw new BadPatternException("it is longer than " + MAX_LENGTH + " characters");
        }
        if (PatternSize.estimate(expression) > MAX_SIZE) {
            throw tooLarge();
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new BadPatternException(e.getDescription() + ": " + e.getPattern());
        } catch (RuntimeException | StackOverflowError e) {
            // For some broken expressions the library throws an index out of bounds.
            throw new BadPatternException("it is no regular expression");
        }
        if (pattern.programSize() > MAX_SIZE) {
            throw tooLarge();
        }
        return new LinearPattern(expression, pattern);
    }

    /**
     * Compiles an expression of this program's own.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static LinearPattern of(String expression) {
        try {
            return compile(expression);
        } catch (BadPatternException e) {
            throw new IllegalArgumentException(expression + ": " + e.getMessage(), e);
        }
    }

    private static BadPatternException tooLarge() {
        return new BadPatternException("its repetitions make it too large");
    }

    /** An expression that matches this text only. */
    public static String quote(String text) {
        return Pattern.quote(text);
    }

    /** Whether it matches a part of a text. */
    public boolean found(String text) {
        return pattern.matcher(text).find();
    }

    /** Whether it matches the whole of a text. */
    public boolean matches(String text) {
        return pattern.matcher(text).matches();
    }

    /**
     * The groups of a match of the whole text, the text itself first; null if it does not match. A
     * group that took no part is empty.
     */
    public @Nullable List<String> groups(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        List<String> groups = new ArrayList<>();
        for (int i = 0; i <= matcher.groupCount(); i++) {
            String group = matcher.group(i);
            groups.add(group == null ? "" : group);
        }
        return groups;
    }

    /** The most steps that matching a text can take. */
    public long cost(String text) {
        return pattern.programSize() * (text.length() + 1L);
    }

    /** The expression as it was written. */
    @Override
    public String toString() {
        return expression;
    }
}
