package dev.machine.provisioning.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.common.EngineCall;
import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.driver.EngineUrl;
import dev.machine.provisioning.store.CertificateFiles;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks an engine or an endpoint over mutual TLS with the user's certificate: {@code /_ping}, {@code
 * /version}, {@code /info}. Keep the probe for several requests, because it sets TLS up once.
 */
public final class EngineProbe {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final EngineCall.Dialer dialer;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable EngineCall calls;

    public EngineProbe(Store store) {
        this(store, EngineCall.Dialer.STRAIGHT);
    }

    private EngineProbe(Store store, EngineCall.Dialer dialer) {
        this.store = store;
        this.dialer = dialer;
    }

    /** A probe for engines that are reached in another way. */
    public EngineProbe dialling(EngineCall.Dialer other) {
        return new EngineProbe(store, other);
    }

    /**
     * Asks for JSON.
     *
     * @param url as {@code tcp://192.168.1.4:2376}
     * @throws IOException if the engine does not answer 200 with JSON within the deadline
     * @throws MachineException if the store's certificates or the URL cannot be used
     */
    public JsonNode ask(String url, String path, Duration deadline) throws IOException {
        return json(get(url, path, deadline), path);
    }

    /** Whether an engine answers within the deadline. */
    public boolean answers(String url, Duration deadline) {
        try {
            ask(url, "/version", deadline);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The JSON of an answer.
     *
     * @param path the path of the request
     * @throws IOException if its status is not 200 or it is not JSON
     */
    public static JsonNode json(EngineCall.Answer answer, String path) throws IOException {
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
     * Sends one {@code GET} and returns the answer, whatever its status.
     *
     * @param url as {@code tcp://192.168.1.4:2376}; for an address that means "all", loopback is
     *     asked
     * @throws IOException if the engine does not answer within the deadline
     * @throws MachineException if the store's certificates or the URL cannot be used
     */
    public EngineCall.Answer get(String url, String path, Duration deadline) throws IOException {
        EngineUrl engine = EngineUrl.parse(url);
        return calls().get(dialled(engine.address()), engine.port(), path, deadline);
    }

    private static String dialled(String address) {
        return switch (address) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> address;
        };
    }

    /** Set up once, and only when the certificates exist, because that costs more than a call. */
    private EngineCall calls() {
        lock.lock();
        try {
            EngineCall prepared = calls;
            if (prepared == null) {
                Path certs = store.certs();
                prepared =
                        new EngineCall(
                                Pem.context(
                                        certs.resolve(CertificateFiles.CA),
                                        certs.resolve(CertificateFiles.USER),
                                        certs.resolve(CertificateFiles.USER_KEY)),
                                dialer);
                calls = prepared;
            }
            return prepared;
        } finally {
            lock.unlock();
        }
    }
}
