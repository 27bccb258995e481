package dev.machine.provisioning.step;

import dev.machine.provisioning.facts.EngineShell;
import dev.machine.provisioning.ssh.Script;
import java.io.IOException;
import java.time.Duration;

/**
 * Waits for an engine that was started: it answers, or it is up on its node but cannot be reached
 * from here, or it does not come up.
 *
 * @param reason why it did not answer the last time; empty if it does
 */
record EngineArrival(State state, String reason) {
    enum State {
        ANSWERS,
        NOT_REACHED,
        DOWN
    }

    /** Generous, because a slow start is better than a needless rollback. */
    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    /** The interval at which the node itself is asked for the engine's state. */
    private static final Duration NODE_CHECK_INTERVAL = Duration.ofSeconds(5);

    /** So many equal answers in a row decide. */
    private static final int UP_IN_A_ROW = 2;

    private static final int DOWN_IN_A_ROW = 3;

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    static EngineArrival await(NodeContext node) {
        return await(node, TIMEOUT, NODE_CHECK_INTERVAL);
    }

    static EngineArrival await(NodeContext node, Duration patience, Duration look) {
        String url = node.record().url().orElseThrow();
        long begin = System.nanoTime();
        long next = begin + look.toNanos();
        int up = 0;
        int down = 0;
        while (true) {
            try {
                node.tools().engines().ask(url, "/version", ANSWER_TIMEOUT);
                return new EngineArrival(State.ANSWERS, "");
            } catch (IOException e) {
                String reason = String.valueOf(e.getMessage());
                long now = System.nanoTime();
                boolean late = now - begin >= patience.toNanos();
                if (late || now - next >= 0) {
                    String seen = seen(node);
                    up = seen.equals("listens") ? up + 1 : 0;
                    down = seen.equals("down") ? down + 1 : 0;
                    next = now + look.toNanos();
                }
                if (up >= UP_IN_A_ROW || (late && up > 0)) {
                    return new EngineArrival(State.NOT_REACHED, reason);
                }
                if (down >= DOWN_IN_A_ROW || late) {
                    return new EngineArrival(State.DOWN, reason);
                }
                node.tools().pause().pause(Duration.ofMillis(200));
            }
        }
    }

    private static String seen(NodeContext node) {
        return node.shell()
                .asRoot(
                        new Script()
                                .run(EngineShell.FUNCTIONS)
                                .include(
                                        EngineArrival.class,
                                        "engine-seen.sh",
                                        "%04X".formatted(node.enginePort())))
                .out()
                .strip();
    }
}
