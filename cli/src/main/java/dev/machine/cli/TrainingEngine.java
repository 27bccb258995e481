package dev.machine.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.machine.common.AtomicFiles;
import dev.machine.common.Pem;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CertificatePair;
import dev.machine.provisioning.store.CertificateFiles;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;

/** The engine of the node that {@link Training} creates: real TLS and two fixed answers. */
final class TrainingEngine implements AutoCloseable {
    private static final String VERSION =
            """
            {"Version": "20.10.24+dfsg1", "ApiVersion": "1.41", "MinAPIVersion": "1.12", "Arch": "amd64", "Os": "linux"}
            """;

    private static final String INFO =
            """
            {"ID": "TRAINING", "Labels": ["architecture=amd64", "provider=generic"], "LiveRestoreEnabled": true}
            """;

    private final HttpsServer server;

    private TrainingEngine(HttpsServer server) {
        this.server = server;
    }

    static TrainingEngine start(Store store) throws IOException {
        Authority authority = new Authority(store, Clock.systemUTC());
        authority.ensure();
        CertificatePair pair = authority.serverCertificate("board", List.of("127.0.0.1"));
        Path certificate = store.certs().resolve("board.pem");
        Path key = store.certs().resolve("board-key.pem");
        AtomicFiles.write(certificate, pair.certificate(), AtomicFiles.PUBLIC);
        AtomicFiles.write(key, pair.key(), AtomicFiles.PRIVATE);
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(
                        Pem.context(store.certs().resolve(CertificateFiles.CA), certificate, key)));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", TrainingEngine::answer);
        server.start();
        return new TrainingEngine(server);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = (path.endsWith("/info") ? INFO : VERSION).getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
