package dev.machine.provisioning.step;

import dev.machine.common.MachineException;
import dev.machine.common.SocketThreads;
import java.time.Duration;

/**
 * Calls an engine during its installation until it answers once or the installation has ended. The
 * answer is not used: the first call of a process loads its TLS code, which takes time, and later
 * calls are fast then. Measured by {@code e2e/bench/create}.
 */
final class TlsWarmup implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Thread asking;

    TlsWarmup(NodeContext node) {
        String url = node.record().url().orElseThrow();
        NodeContext.Tools tools = node.tools();
        asking = SocketThreads.factory().newThread(() -> ask(tools, url));
        asking.start();
    }

    private static void ask(NodeContext.Tools tools, String url) {
        try {
            while (!tools.engines().answers(url, DEADLINE)) {
                tools.pause().pause(PAUSE);
            }
        } catch (MachineException e) {
            // Interrupted: the installation has ended.
        }
    }

    @Override
    public void close() {
        asking.interrupt();
    }
}
