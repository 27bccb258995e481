package dev.machine.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.common.AtomicFiles;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CertificatePair;
import dev.machine.provisioning.store.Store;
import dev.machine.swarm.testing.load.LoadEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Engines without containers behind them in the lab's network, as members of a user's swarm:
 * node-0, node-1 and so on. Closing ends them and removes their member files.
 */
final class FakeRack implements AutoCloseable {
    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final String MEMBER =
            """
            schema: 1
            name: %1$s
            address: 127.0.0.1:%2$d
            platform: %3$s
            tls: {ca: %4$s/ca.pem, cert: %4$s/cert.pem, key: %4$s/key.pem}
            """;

    private final Running engines;
    private final List<Path> members;

    private FakeRack(Running engines, List<Path> members) {
        this.engines = engines;
        this.members = members;
    }

    /**
     * Starts the engines and lets them join.
     *
     * @param boards how many of them are ARM boards of 32 bits: the last ones
     */
    static FakeRack start(Machine user, int count, int boards) throws IOException {
        Store store = new Store(user.store());
        CertificatePair server =
                new Authority(store, Clock.systemUTC())
                        .serverCertificate("engines", List.of("127.0.0.1"));
        Path key = user.home().resolve("engines-key.pem");
        Path certificate = user.home().resolve("engines.pem");
        AtomicFiles.write(key, server.key(), AtomicFiles.PRIVATE);
        AtomicFiles.write(certificate, server.certificate(), AtomicFiles.PUBLIC);
        String java =
                "%s -XX:+UseSerialGC -Xmx256m -cp %s %s %d %s/ca.pem %s %s %d"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path"),
                                LoadEngines.class.getName(),
                                count,
                                store.certs(),
                                certificate,
                                key,
                                boards);
        // They end with their input.
        Running engines =
                Lab.start(
                        Map.of(),
                        new byte[0],
                        List.of("bash", "-c", "tail -f /dev/null | " + java));
        Lab.until("the fake engines listen", TO_START, () -> engines.outSoFar().endsWith("}\n"));
        JsonNode ports = Record.parse(engines.outSoFar()).path("tls");
        List<Path> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String file = "swarm/default/node-%d.yaml".formatted(i);
            String platform = i < count - boards ? "linux/amd64" : "linux/arm/v7";
            user.file(
                    file,
                    MEMBER.formatted("node-" + i, ports.path(i).asInt(), platform, store.certs()));
            members.add(user.store().resolve(file));
        }
        return new FakeRack(engines, members);
    }

    @Override
    public void close() throws IOException {
        for (Path member : members) {
            Files.deleteIfExists(member);
        }
        engines.close();
    }
}
