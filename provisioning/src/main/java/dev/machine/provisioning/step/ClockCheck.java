package dev.machine.provisioning.step;

import dev.machine.provisioning.facts.Facts;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Checks that the node's clock is close to this computer's. A board whose clock is years behind
 * refuses our certificates, which are valid from a day ago, and apt refuses the signatures of its
 * sources.
 */
final class ClockCheck {
    private static final Duration TOO_FAR = Duration.ofMinutes(5);

    private ClockCheck() {}

    static List<String> obstacles(NodeContext node) {
        Duration skew = node.facts().skew().abs();
        if (node.facts().clockIsOff() && node.permissions().setClock()) {
            return List.of();
        }
        if (skew.compareTo(TOO_FAR) > 0) {
            return List.of(
                    difference(node)
                            + ": certificates would not be valid there; --set-clock sets it from ours, or start its time service");
        }
        if (node.facts().clockIsOff()) {
            node.note(difference(node));
        }
        return List.of();
    }

    static String difference(NodeContext node) {
        Facts facts = node.facts();
        Instant here = node.tools().clock().instant().truncatedTo(ChronoUnit.SECONDS);
        return "the node's clock is %s %s ours (node %s, here %s)"
                .formatted(
                        words(facts.skew().abs()),
                        facts.skew().isNegative() ? "behind" : "ahead of",
                        here.plus(facts.skew()).truncatedTo(ChronoUnit.SECONDS),
                        here);
    }

    /** With a unit that is easy to read. */
    private static String words(Duration skew) {
        if (skew.toDays() > 0) {
            return skew.toDays() + " days";
        }
        return skew.toHours() > 0 ? skew.toHours() + " h" : skew.toSeconds() + " s";
    }
}
