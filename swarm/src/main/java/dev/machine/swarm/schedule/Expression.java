package dev.machine.swarm.schedule;

import dev.machine.swarm.http.HttpProblem;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * One wish about a node, {@code KEY==VALUE} or {@code KEY!=VALUE}, in classic swarm's grammar: a
 * tilde before the value makes it soft, {@code /…/} is a regular expression to be found, in any
 * other value {@code *} stands for any text. (Classic took the dot of {@code a.b} for any
 * character; here it is a dot.)
 */
public final class Expression {
    private static final Pattern KEY =
            Pattern.compile("[a-z_][a-z0-9\\-_.]+", Pattern.CASE_INSENSITIVE);
    private static final Pattern VALUE =
            Pattern.compile(
                    "[=!/]?~?[a-z0-9:\\-_\\s.*/()?+\\[\\]\\\\^$|@]+", Pattern.CASE_INSENSITIVE);

    private final String text;
    private final String key;
    private final String value;
    private final boolean negated;
    private final boolean soft;
    private final @Nullable Pattern pattern;

    private Expression(String text, String key, String value, boolean negated, boolean soft) {
        this.text = text;
        this.key = key;
        this.value = value;
        this.negated = negated;
        this.soft = soft;
        this.pattern = pattern(value);
    }

    /**
     * Reads an expression.
     *
     * @throws HttpProblem 400 in classic swarm's words
     */
    public static Expression parse(String text) {
        boolean negated = !text.contains("==");
        int operator = text.indexOf(negated ? "!=" : "==");
        if (operator < 0) {
            throw new HttpProblem(400, "One of operator ==, != is expected");
        }
        String key = text.substring(0, operator);
        String right = text.substring(operator + 2);
        if (!KEY.matcher(key).matches()) {
            throw new HttpProblem(400, "Key '" + key + "' is invalid");
        }
        if (!VALUE.matcher(right).matches()) {
            throw new HttpProblem(400, "Value '" + right + "' is invalid");
        }
        boolean soft = right.startsWith("~");
        return new Expression(text, key, soft ? right.substring(1) : right, negated, soft);
    }

    private static @Nullable Pattern pattern(String value) {
        try {
            if (value.length() > 2 && value.startsWith("/") && value.endsWith("/")) {
                return Pattern.compile(value.substring(1, value.length() - 1));
            }
        } catch (PatternSyntaxException e) {
            throw new HttpProblem(400, "Value '" + value + "' is invalid: " + e.getDescription());
        }
        if (!value.contains("*")) {
            return null;
        }
        StringBuilder glob = new StringBuilder("^");
        for (String part : value.split("\\*", -1)) {
            glob.append(glob.length() > 1 ? ".*" : "").append(Pattern.quote(part));
        }
        return Pattern.compile(glob + "$", Pattern.DOTALL);
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
        return pattern == null ? value.equals(candidate) : pattern.matcher(candidate).find();
    }

    /** Whether the value fits one of a map's keys; a literal one is looked up. */
    boolean matchesKey(Map<String, ?> candidates) {
        return pattern == null
                ? candidates.containsKey(value)
                : candidates.keySet().stream().anyMatch(pattern.asPredicate());
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
