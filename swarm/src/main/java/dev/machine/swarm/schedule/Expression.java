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
 * One wish about a node, {@code KEY==VALUE} or {@code KEY!=VALUE}, in classic swarm's grammar: a
 * tilde before the value makes it soft, {@code /…/} is a regular expression of RE2 to be found, in
 * any other value {@code *} stands for any text. (Classic took the dot of {@code a.b} for any
 * character; here it is a dot.)
 */
public final class Expression {
    /** Of a key or a value, in characters. */
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
     * @param budget of the request that it came with
     * @throws SchedulingException of kind INVALID in classic swarm's words
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

    /** Whether the value, not the operator, fits a text. */
    boolean matches(String candidate) {
        return pattern == null ? value.equals(candidate) : budget.found(pattern, candidate);
    }

    /** Whether the value fits one of a map's keys; a literal one is looked up. */
    boolean matchesKey(Map<String, ?> candidates) {
        return pattern == null
                ? candidates.containsKey(value)
                : candidates.keySet().stream().anyMatch(this::matches);
    }

    /** Whether the expression as a whole, operator and all, holds for candidates of any number. */
    boolean holds(boolean found) {
        return found != negated;
    }

    /** Whether this must hold in a pass over the nodes. */
    static Predicate<Expression> counts(boolean softToo) {
        return expression -> softToo || !expression.soft;
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
