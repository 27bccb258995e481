package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.SocketException;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.apache.hc.core5.http.ConnectionClosedException;

/** Reads an engine's events until the stream ends, and says why it did. */
final class EventStream implements Runnable {
    private final EngineReply reply;
    private final ObjIntConsumer<ObjectNode> events;
    private final Consumer<String> ended;

    EventStream(EngineReply reply, ObjIntConsumer<ObjectNode> events, Consumer<String> ended) {
        this.reply = reply;
        this.events = events;
        this.ended = ended;
    }

    @Override
    public void run() {
        String reason = "the engine ended its event stream";
        try (reply) {
            JsonEntries values = JsonEntries.stream(reply.body());
            for (byte[] value = values.next(); value != null; value = values.next()) {
                if (LimitedJson.tree(value) instanceof ObjectNode event) {
                    events.accept(event, value.length);
                }
            }
        } catch (SocketException | ConnectionClosedException e) {
            reason = "the engine died or was cut off (" + e.getMessage() + ")";
        } catch (IOException | RuntimeException | Error e) {
            reason = "the engine's event stream broke: " + e.getMessage();
        } finally {
            ended.accept(reason);
        }
    }
}
