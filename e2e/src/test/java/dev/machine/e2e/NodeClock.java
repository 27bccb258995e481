package dev.machine.e2e;

import java.time.Duration;

/**
 * A clock of a node's own. The kernel has one for all nodes, so it is simulated where machine and
 * people read and set it: in {@code date}. Everything else on the node keeps the computer's time.
 */
final class NodeClock {
    private static final String OWN =
            """
            [ -e /usr/bin/date.real ] || mv /usr/bin/date /usr/bin/date.real
            cat >/usr/bin/date <<'END'
            #!/bin/sh
            real=$(/usr/bin/date.real +%%s)
            previous=
            for word; do
                if [ "$previous" = -s ]; then echo $((${word#@} - real)) >/var/lib/clock-off; exit; fi
                previous=$word
            done
            exec /usr/bin/date.real -d "@$((real + $(cat /var/lib/clock-off)))" "$@"
            END
            chmod 755 /usr/bin/date
            echo %d >/var/lib/clock-off
            """;

    private NodeClock() {}

    /** From now on the node is so far ahead of the computer, or behind it. */
    static void off(String node, Duration skew) {
        Lab.node(node, OWN.formatted(skew.toSeconds())).ok();
    }

    /** How far it is off now, in seconds. */
    static long seconds(String node) {
        return Long.parseLong(new OnNode(node).sh("cat /var/lib/clock-off"));
    }
}
