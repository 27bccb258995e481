package dev.machine.swarm.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressFileTest {
    @TempDir Path folder;

    private Path file;
    private Instant now = Instant.EPOCH;
    private AddressFile addresses;

    @BeforeEach
    void start() {
        file = folder.resolve("cluster");
        addresses = new AddressFile(file, Duration.ofSeconds(60), () -> now);
    }

    private AddressSource.Addresses afterAHeartbeat() {
        now = now.plusSeconds(60);
        return addresses.read();
    }

    @Test
    void readsCommentsBlankLinesAndRanges() throws IOException {
        Files.writeString(
                file, "# all of them\n\n10.0.0.1:2376 # the first\n  10.0.0.[1:3]:2376  \n");
        assertThat(addresses.read().engines())
                .extracting(EngineAddress::toString)
                .containsExactly("10.0.0.1:2376", "10.0.0.2:2376", "10.0.0.3:2376");
        assertThat(addresses.read().errors()).isEmpty();
    }

    @Test
    void isReadAgainEveryHeartbeatAndNotBefore() throws IOException {
        Files.writeString(file, "a:1\n");
        assertThat(addresses.read().engines()).hasSize(1);
        Files.writeString(file, "a:1\nb:1\n");
        now = now.plusSeconds(59);
        assertThat(addresses.read().engines()).hasSize(1);
        now = now.plusSeconds(1);
        assertThat(addresses.read().engines()).hasSize(2);
        Files.writeString(file, "b:1\n");
        assertThat(afterAHeartbeat().engines()).containsExactly(new EngineAddress("b", 1));
    }

    @Test
    void aMissingFileIsAnErrorAndTriedAgain() throws IOException {
        assertThat(addresses.read().errors()).containsKey(file.toString());
        Files.writeString(file, "a:1\n");
        assertThat(afterAHeartbeat().errors()).isEmpty();
        assertThat(addresses.read().engines()).hasSize(1);
        Files.delete(file);
        assertThat(afterAHeartbeat().errors().get(file.toString())).contains("cannot read it");
        assertThat(addresses.read().engines()).as("what it said last").hasSize(1);
    }

    @Test
    void skipsALineThatIsNoAddress() throws IOException {
        Files.writeString(file, "a:1\nnonsense\nb:1\n");
        assertThat(addresses.read().engines()).hasSize(2);
        assertThat(addresses.read().errors().get(file + ":2"))
                .isEqualTo("\"nonsense\" is not host:port");
    }
}
