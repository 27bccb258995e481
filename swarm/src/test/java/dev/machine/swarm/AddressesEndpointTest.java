package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.discovery.AddressFile;
import dev.machine.swarm.discovery.AddressMembers;
import dev.machine.swarm.discovery.AddressSource;
import dev.machine.swarm.discovery.EngineAddress;
import dev.machine.swarm.discovery.PemFiles;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.TestEndpoint;
import dev.machine.swarm.testing.TestPki;
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

    private TestEndpoint endpoint(AddressSource source) {
        PemFiles tls = new PemFiles(pki.ca(), pki.cert(), pki.key());
        return new TestEndpoint(
                pki,
                TestEndpoint.options(pki, new AddressMembers(source, tls)),
                TestEndpoint.QUICK);
    }

    @Test
    void callsNodesWhatTheirEnginesCallThemselves() throws Exception {
        try (TestEndpoint endpoint =
                endpoint(
                        AddressMembers.fixed(
                                List.of(
                                        new EngineAddress("127.0.0.1", ocean.port()),
                                        new EngineAddress("127.0.0.1", rack.port()))))) {
            endpoint.awaitHealthy(2);
            assertThat(endpoint.info())
                    .contains(" ocean-1: 127.0.0.1:" + ocean.port() + "\n")
                    .contains(" rack-1-node-4: 127.0.0.1:" + rack.port() + "\n");
            assertThat(endpoint.call("GET", "/containers/json?all=1").body())
                    .contains("/rack-1-node-4/db");
            assertThat(endpoint.addresses())
                    .containsExactly("tcp://127.0.0.1:" + endpoint.address().getPort());
        }
    }

    @Test
    void showsAnEngineThatNeverAnsweredAndTakesItInWhenItDoes() throws Exception {
        int port = ocean.port();
        ocean.die();
        try (TestEndpoint endpoint =
                endpoint(AddressMembers.fixed(List.of(new EngineAddress("127.0.0.1", port))))) {
            Await.until("the error", () -> endpoint.info().contains("refused"));
            assertThat(endpoint.info()).contains(" 127.0.0.1:" + port + ": (unknown)\n");
            ocean.start();
            endpoint.awaitHealthy(1);
            assertThat(endpoint.info()).contains(" ocean-1: ").doesNotContain("(unknown)");
        }
    }

    @Test
    void followsAFileOfAddresses() throws Exception {
        Path file = folder.resolve("cluster");
        try (TestEndpoint endpoint =
                endpoint(new AddressFile(file, Duration.ofMillis(50), InstantSource.system()))) {
            Await.until("the missing file", () -> endpoint.info().contains("cannot read it"));
            Files.writeString(
                    file, "127.0.0.1:" + ocean.port() + " # one\n127.0.0.1:" + rack.port() + "\n");
            endpoint.awaitHealthy(2);
            Files.writeString(file, "127.0.0.1:" + rack.port() + "\n");
            endpoint.awaitHealthy(1);
            assertThat(endpoint.info()).contains("rack-1-node-4").doesNotContain("ocean-1");
        }
    }
}
