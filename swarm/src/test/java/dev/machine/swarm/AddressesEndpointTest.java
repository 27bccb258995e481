package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.common.EngineCall;
import dev.machine.swarm.discovery.AddressFile;
import dev.machine.swarm.discovery.AddressMembers;
import dev.machine.swarm.discovery.AddressSource;
import dev.machine.swarm.discovery.EngineAddress;
import dev.machine.swarm.discovery.EngineTls;
import dev.machine.swarm.engine.EngineTimings;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.TestPki;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint that is told addresses and no names, as classic swarm was. */
@Timeout(60)
class AddressesEndpointTest {
    private static final EngineTimings QUICK =
            new EngineTimings(
                    Duration.ofSeconds(2),
                    Duration.ofMillis(800),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(60),
                    Duration.ofMillis(50),
                    Duration.ofMillis(200));

    @TempDir Path folder;

    private TestPki pki;
    private FakeEngine ocean;
    private FakeEngine rack;

    @BeforeEach
    void start() {
        pki = new TestPki(folder.resolve("certs"));
        ocean = new FakeEngine(pki, "ocean-1");
        rack = new FakeEngine(pki, "rack-1-node-4");
        rack.container("db", "mysql", 0, 0);
    }

    @AfterEach
    void stop() {
        ocean.close();
        rack.close();
    }

    private Endpoint endpoint(AddressSource source) {
        return Endpoint.start(
                new EndpointOptions(
                        List.of("tcp://127.0.0.1:0"),
                        pki.ca(),
                        pki.cert(),
                        pki.key(),
                        null,
                        null,
                        new AddressMembers(source, new EngineTls(pki.ca(), pki.cert(), pki.key())),
                        EndpointOptions.Scheduling.by("spread"),
                        EndpointOptions.Images.NONE,
                        null),
                QUICK);
    }

    private String get(Endpoint endpoint, String path) {
        int port = ((InetSocketAddress) endpoint.address()).getPort();
        try {
            return new EngineCall(pki.context())
                    .get("127.0.0.1", port, path, Duration.ofSeconds(10))
                    .body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String status(Endpoint endpoint) {
        try {
            return new ObjectMapper()
                    .readTree(get(endpoint, "/info"))
                    .path("SystemStatus")
                    .toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean healthy(String status, int nodes) {
        return status.split("\"Healthy\"", -1).length == nodes + 1;
    }

    @Test
    void callsNodesWhatTheirEnginesCallThemselves() {
        try (Endpoint endpoint =
                endpoint(
                        AddressMembers.fixed(
                                List.of(
                                        new EngineAddress("127.0.0.1", ocean.port()),
                                        new EngineAddress("127.0.0.1", rack.port()))))) {
            Await.until("both are healthy", () -> healthy(status(endpoint), 2));
            assertThat(status(endpoint))
                    .contains("[\" ocean-1\",\"127.0.0.1:" + ocean.port() + "\"]")
                    .contains("[\" rack-1-node-4\",\"127.0.0.1:" + rack.port() + "\"]");
            assertThat(get(endpoint, "/containers/json?all=1")).contains("/rack-1-node-4/db");
            assertThat(endpoint.addresses())
                    .containsExactly(
                            "tcp://127.0.0.1:"
                                    + ((InetSocketAddress) endpoint.address()).getPort());
        }
    }

    @Test
    void showsAnEngineThatNeverAnsweredAndTakesItInWhenItDoes() {
        int port = ocean.port();
        ocean.die();
        try (Endpoint endpoint =
                endpoint(AddressMembers.fixed(List.of(new EngineAddress("127.0.0.1", port))))) {
            Await.until("the error", () -> status(endpoint).contains("refused"));
            assertThat(status(endpoint)).contains("[\" 127.0.0.1:" + port + "\",\"(unknown)\"]");
            ocean.start();
            Await.until("it joined", () -> healthy(status(endpoint), 1));
            assertThat(status(endpoint)).contains("\" ocean-1\"").doesNotContain("(unknown)");
        }
    }

    @Test
    void followsAFileOfAddresses() throws IOException {
        Path file = folder.resolve("cluster");
        try (Endpoint endpoint =
                endpoint(new AddressFile(file, Duration.ofMillis(50), InstantSource.system()))) {
            Await.until("the missing file", () -> status(endpoint).contains("cannot read it"));
            Files.writeString(
                    file, "127.0.0.1:" + ocean.port() + " # one\n127.0.0.1:" + rack.port() + "\n");
            Await.until("both are healthy", () -> healthy(status(endpoint), 2));
            Files.writeString(file, "127.0.0.1:" + rack.port() + "\n");
            Await.until("one left", () -> healthy(status(endpoint), 1));
            assertThat(status(endpoint)).contains("rack-1-node-4").doesNotContain("ocean-1");
        }
    }
}
