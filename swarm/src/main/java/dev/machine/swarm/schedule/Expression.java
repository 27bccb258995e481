package dev.machine.swarm.schedule;

import dev.machine.common.LinearPattern;
import dev.machine.common.LinearPattern.BadPatternException;
import dev.machine.swarm.match.Globs;
import dev.machine.swarm.match.MatchBudget;
import dev.machine.swarm.schedule.SchedulingException.Kind;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One condition on a node, {@code KEY==VALUE} or {@code KEY!=VALUE}, in classic Swarm's grammar. A
 * tilde before the value makes it soft: it may be broken if no node meets it. A value {@code /…/}
 * is a regular expression of RE2; in any other value {@code *} stands for any text. (Classic read
 * the dot of {@code a.b} as any character; here it is a dot.)
 */
public final class Expression {
    /** The longest key or value, in characters. */
    static final int MAX_LENGTH = 512;

    private static final LinearPattern KEY = LinearPattern.of("[A-Za-z_][A-Za-z0-9\\-_.]+");
    private static final LinearPattern VALUE =
            LinearPattern.of("[=!/]?~?[A-Za-z0-9:\\-_\\s.*/()?+\\[\\]\\\\^$|@]+");

    private final String text;
    private final String key;
    private final String value;
    private final boolean negated;
    private final boolean soft;
    private final @Nullable LinearPattern pattern;
    private final MatchBudget budget;

    private Expression(
            String text,
            String key,
            String value,
            boolean negated,
            boolean soft,
            MatchBudget budget) {
        this.text = text;
        this.key = key;
        this.value = value;
        this.negated = negated;
        this.soft = soft;
        this.pattern = pattern(value);
        this.budget = budget;
    }

    /**
     * Reads an expression.
     *
     * @param budget for all matching of the client's request
     * @throws SchedulingException of kind INVALID with classic Swarm's message
     */
    public static Expression parse(String text, MatchBudget budget) {
        boolean negated = !text.contains("==");
        int operator = text.indexOf(negated ? "!=" : "==");
        if (operator < 0) {
            throw new SchedulingException(Kind.INVALID, "One of operator ==, != is expected");
        }
        String key = text.substring(0, operator);
        String right = text.substring(operator + 2);
        if (key.length() > MAX_LENGTH || right.length() > MAX_LENGTH) {
            throw new SchedulingException(
                    Kind.INVALID,
                    "an expression has a key and a value of at most "
                            + MAX_LENGTH
                            + " characters: "
                            + text.substring(0, 40)
                            + "…");
        }
        if (!KEY.matches(key)) {
            throw new SchedulingException(Kind.INVALID, "Key '" + key + "' is invalid");
        }
        if (!VALUE.matches(right)) {
            throw new SchedulingException(Kind.INVALID, "Value '" + right + "' is invalid");
        }
        boolean soft = right.startsWith("~");
        String value = soft ? right.substring(1) : right;
        return new Expression(text, key, value, negated, soft, budget);
    }

    private static @Nullable LinearPattern pattern(String value) {
        try {
            if (value.length() > 2 && value.startsWith("/") && value.endsWith("/")) {
                return LinearPattern.compile(value.substring(1, value.length() - 1));
            }
            return value.contains("*") ? Globs.stars(value) : null;
        } catch (BadPatternException e) {
            throw new SchedulingException(
                    Kind.INVALID, "Value '" + value + "' is invalid: " + e.getMessage());
        }
    }

    public String key() {
        return key;
    }

    String value() {
        return value;
    }

    boolean negated() {
        return negated;
    }

    boolean soft() {
        return soft;
    }

    /** Whether the value matches a text, whatever the operator. */
    boolean matches(String candidate) {
        return pattern == null ? value.equals(candidate) : budget.found(pattern, candidate);
    }

    /** Whether the value matches one of a map's keys, whatever the operator. */
    boolean matchesKey(Map<String, ?> candidates) {
        return pattern == null
                ? candidates.containsKey(value)
                : candidates.keySet().stream().anyMatch(this::matches);
    }

    /** Whether the expression holds, given whether its value was found. */
    boolean holds(boolean found) {
        return found != negated;
    }

    /** Accepts the expressions that must hold: the hard ones, and the soft ones if asked. */
    static Predicate<Expression> mustHold(boolean softToo) {
        return expression -> softToo || !expression.soft;
    }

    /** The text as the client wrote it. */
    @Override
    public String toString() {
        return text;
    }
}
