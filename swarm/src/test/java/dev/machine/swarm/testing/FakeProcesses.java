package dev.machine.swarm.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What a {@link FakeEngine} answers about the processes of its containers. Nothing runs: what is
 * executed or attached to ends at once, but a container runs until it is stopped.
 */
final class FakeProcesses {
    private static final int ID_BYTES = 32;

    private FakeProcesses() {}

    /** Answers a call of a container; false if it is about something else. */
    static boolean answers(HttpExchange exchange, FakeContainer container, String action)
            throws IOException, InterruptedException {
        switch (action) {
            case "attach" -> stream(exchange);
            case "exec" -> {
                byte[] id = new byte[ID_BYTES];
                ThreadLocalRandom.current().nextBytes(id);
                FakeEngine.send(exchange, 201, "{\"Id\":\"" + HexFormat.of().formatHex(id) + "\"}");
            }
            case "wait" -> await(exchange, container);
            case "resize" -> FakeEngine.send(exchange, 200, "");
            case "top" -> FakeEngine.send(exchange, 200, "{\"Titles\":[],\"Processes\":[]}");
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Answers a call of what is executed. */
    static void exec(HttpExchange exchange, String action) throws IOException {
        switch (action) {
            case "start" -> stream(exchange);
            case "json" ->
                    FakeEngine.send(exchange, 200, "{\"Running\":false,\"ExitCode\":0,\"Pid\":0}");
            default -> FakeEngine.send(exchange, 200, "");
        }
    }

    /** A connection that becomes a stream, if the client asks for that, and ends. */
    private static void stream(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        if (!exchange.getRequestHeaders().containsKey("Upgrade")) {
            FakeEngine.send(exchange, 200, "");
            return;
        }
        exchange.getResponseHeaders().set("Connection", "Upgrade");
        exchange.getResponseHeaders().set("Upgrade", "tcp");
        exchange.sendResponseHeaders(101, -1);
    }

    /** The head at once, the body when the container has ended. */
    private static void await(HttpExchange exchange, FakeContainer container)
            throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.flush();
        while (container.state.equals("running") || container.state.equals("created")) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        out.write("{\"StatusCode\":0}\n".getBytes(StandardCharsets.UTF_8));
    }
}
