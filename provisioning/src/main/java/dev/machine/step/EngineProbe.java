package dev.machine.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.common.EngineCall;
import dev.machine.common.Pem;
import dev.machine.store.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks a node's engine over mutual TLS with the user's own certificate: {@code /version}, {@code
 * /info}.
 */
public final class EngineProbe {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable EngineCall calls;

    public EngineProbe(Store store) {
        this.store = store;
    }

    /**
     * Asks one question.
     *
     * @param url as {@code tcp://192.168.1.4:2376}
     * @throws IOException if the engine does not answer 200 with JSON within the deadline
     */
    public JsonNode ask(String url, String path, Duration deadline) throws IOException {
        URI engine = URI.create(url);
        String host = engine.getHost().replaceAll("[\\[\\]]", "");
        EngineCall.Answer answer = calls().get(host, engine.getPort(), path, deadline);
        if (answer.status() != 200) {
            throw new IOException("the engine answered " + answer.status() + " to " + path);
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new IOException("the engine's answer is no JSON", e);
        }
    }

    /**
     * Prepared once, when the certificates are there: reading them and setting TLS up costs more
     * than a call.
     */
    private EngineCall calls() {
        lock.lock();
        try {
            EngineCall prepared = calls;
            if (prepared == null) {
                Path certs = store.certs();
                prepared =
                        new EngineCall(
                                Pem.context(
                                        certs.resolve("ca.pem"),
                                        certs.resolve("cert.pem"),
                                        certs.resolve("key.pem")));
                calls = prepared;
            }
            return prepared;
        } finally {
            lock.unlock();
        }
    }
}
