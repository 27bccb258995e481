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
    private static final Duration WORTH_A_WORD = Duration.ofSeconds(30);
    private static final Duration TOO_FAR = Duration.ofMinutes(5);

    private ClockCheck() {}

    static List<String> obstacles(NodeContext node) {
        Duration skew = node.facts().skew().abs();
        if (isOff(node) && node.maySetClock()) {
            return List.of();
        }
        if (skew.compareTo(TOO_FAR) > 0) {
            return List.of(
                    difference(node)
                            + ": certificates would not be valid there; --set-clock sets it from ours, or start its time service");
        }
        if (isOff(node)) {
            node.note(difference(node));
        }
        return List.of();
    }

    /** Far enough to be told, and to be set right where that may be done. */
    static boolean isOff(NodeContext node) {
        return node.facts().skew().abs().compareTo(WORTH_A_WORD) > 0;
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
