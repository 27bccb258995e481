package dev.machine.provisioning.step;

import dev.machine.provisioning.facts.Facts;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Whether the node's clock is near ours: certificates are valid from a day ago, so that a board
 * which wakes up years back would refuse them, and apt the signatures of its sources.
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

    /** In the unit that a person would use. */
    private static String words(Duration skew) {
        if (skew.toDays() > 0) {
            return skew.toDays() + " days";
        }
        return skew.toHours() > 0 ? skew.toHours() + " h" : skew.toSeconds() + " s";
    }
}
