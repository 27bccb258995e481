package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream of Docker's progress messages that several nodes write to: {@code {"id", "status"}}, and
 * {@code {"errorDetail", "error"}} for failures. Lines that are written before the client's stream
 * is open are kept. If the client goes away, only {@link #end} reports it.
 */
final class ProgressLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private OutputStream out = kept;
    private @Nullable IOException broken;

    /** Sends the kept lines to the client, and further ones directly. */
    void open(OutputStream client) {
        lock.lock();
        try {
            out = client;
            kept.writeTo(client);
            client.flush();
        } catch (IOException e) {
            broken = e;
        } finally {
            lock.unlock();
        }
    }

    void status(String node, String text) {
        write(JsonNodeFactory.instance.objectNode().put("id", node).put("status", text));
    }

    void error(String text) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.putObject("errorDetail").put("message", text);
        write(line.put("error", text));
    }

    private void write(ObjectNode line) {
        lock.lock();
        try {
            if (broken == null) {
                out.write(JSON.writeValueAsBytes(line));
                out.write('\r');
                out.write('\n');
                out.flush();
            }
        } catch (IOException e) {
            broken = e;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the stream. */
    void end() throws IOException {
        if (broken != null) {
            throw broken;
        }
    }
}
