package dev.machine.swarm.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A way to an engine that can be shut for those who come: who is through stays connected, as at a
 * machine that has no room for another connection.
 */
public final class Gate implements AutoCloseable {
    private final ServerSocket listener;
    private final int engine;

    Gate(int engine) {
        this.engine = engine;
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Refuses new connections from now on. */
    public void shut() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), engine);
                pass(near, far);
                pass(far, near);
            } catch (IOException e) {
                // Shut, or the engine is gone: the next who comes finds out.
            }
        }
    }

    private static void pass(Socket from, Socket to) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (from;
                                    to) {
                                from.getInputStream().transferTo(to.getOutputStream());
                            } catch (IOException e) {
                                // One side has gone, and the other with it.
                            }
                        });
    }

    @Override
    public void close() {
        shut();
    }
}
