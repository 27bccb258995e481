package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextTest {
    /** {@code printf n1 | sha256sum}. */
    private static final String ID =
            "676b8bb84ce7267dd520deca4811c8f10a53e636352f06987f42fe425acedd80";

    @TempDir Path base;
    @TempDir Path home;
    private Desk desk;
    private Path contexts;

    @BeforeEach
    void sitDown() throws IOException {
        desk = new Desk(base);
        desk.console.with("HOME", home.toString());
        contexts = home.resolve(".docker/contexts");
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        Files.createDirectories(desk.store.certs());
        for (String file : new String[] {"ca.pem", "cert.pem", "key.pem"}) {
            Files.writeString(desk.store.certs().resolve(file), file);
        }
    }

    private int again(String line) {
        desk.console = new TestConsole().with("HOME", home.toString());
        return desk.type(line);
    }

    private JsonNode meta() throws IOException {
        return new ObjectMapper().readTree(contexts.resolve("meta/" + ID + "/meta.json").toFile());
    }

    @Test
    void writesWhatTheDockerCliReads() throws IOException {
        assertThat(desk.type("context n1")).isZero();
        assertThat(desk.answer()).isEqualTo("n1\n");
        assertThat(desk.told()).isEqualTo("use it with: docker --context n1 info\n");
        assertThat(meta().path("Name").asText()).isEqualTo("n1");
        JsonNode docker = meta().path("Endpoints").path("docker");
        assertThat(docker.path("Host").asText()).isEqualTo("tcp://10.0.0.1:2376");
        assertThat(docker.path("SkipTLSVerify").asBoolean(true)).isFalse();
        Path keys = contexts.resolve("tls/" + ID + "/docker");
        for (String file : new String[] {"ca.pem", "cert.pem", "key.pem"}) {
            assertThat(keys.resolve(file)).hasContent(file);
        }
        assertThat(Files.getPosixFilePermissions(keys.resolve("key.pem")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void theKeyOfTheOwnerIsThatOfEarlierVersions() throws IOException {
        desk.type("context n1");
        assertThat(meta().path("Metadata").path("dev.machine.store").asText())
                .isEqualTo(desk.store.base().toString());
    }

    @Test
    void mayBeRunAgainAfterAChange() throws IOException {
        desk.type("context n1");
        desk.machine("n1", "tcp://10.0.0.2:2376", false);
        assertThat(again("context n1")).isZero();
        assertThat(meta().path("Endpoints").path("docker").path("Host").asText())
                .isEqualTo("tcp://10.0.0.2:2376");
    }

    @Test
    void leavesAContextOfAnotherHandAlone() throws IOException {
        Path file = contexts.resolve("meta/" + ID + "/meta.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"Name\":\"n1\",\"Metadata\":{},\"Endpoints\":{}}");
        assertThat(desk.type("context n1")).isEqualTo(1);
        assertThat(desk.told())
                .contains("the context n1 was not made by machine context", "--as CONTEXT");
        assertThat(again("context --rm n1")).isEqualTo(1);
        assertThat(meta().path("Endpoints").isEmpty()).isTrue();
        assertThat(again("context --force n1")).isZero();
        assertThat(meta().path("Endpoints").isEmpty()).isFalse();
    }

    @Test
    void leavesAContextOfAnotherStoreAlone(@TempDir Path other) {
        desk.type("context n1");
        Desk neighbour = new Desk(other);
        neighbour.console.with("HOME", home.toString());
        neighbour.machine("n1", "tcp://10.0.0.9:2376", false);
        assertThat(neighbour.type("context n1")).isEqualTo(1);
        assertThat(neighbour.told()).contains("belongs to the store " + base);
    }

    @Test
    void removesItsOwnButNotTheOneInUse() throws IOException {
        desk.type("context n1");
        Files.writeString(home.resolve(".docker/config.json"), "{\"currentContext\":\"n1\"}");
        assertThat(again("context --rm n1")).isEqualTo(1);
        assertThat(desk.told()).contains("docker context use default");
        Files.delete(home.resolve(".docker/config.json"));
        assertThat(again("context --rm n1")).isZero();
        assertThat(contexts.resolve("meta/" + ID)).doesNotExist();
        assertThat(contexts.resolve("tls/" + ID)).doesNotExist();
        assertThat(again("context --rm n1")).isEqualTo(5);
    }

    @Test
    void obeysDockerConfigAndGivesAnotherName(@TempDir Path config) {
        desk.console.with("DOCKER_CONFIG", config.toString());
        assertThat(desk.type("context n1 --as board")).isZero();
        assertThat(desk.answer()).isEqualTo("board\n");
        assertThat(config.resolve("contexts/meta")).isDirectoryContaining(path -> true);
        assertThat(home.resolve(".docker")).doesNotExist();
    }

    @Test
    void refusesANameThatDockerWouldNotTake() {
        desk.machine("n", "tcp://10.0.0.1:2376", false);
        desk.machine("default", "tcp://10.0.0.1:2376", false);
        assertThat(desk.type("context n")).isEqualTo(2);
        assertThat(desk.told())
                .contains("\"n\" cannot be the name of a docker context", "--as CONTEXT");
        assertThat(again("context default")).isEqualTo(2);
    }

    @Test
    void makesASwarmAContext() {
        desk.machine("master", "tcp://127.0.0.1:3376", true);
        assertThat(desk.type("context --swarm master")).isZero();
        assertThat(desk.told()).contains("master is stopped: machine start master");
        assertThat(again("context --swarm n1")).isEqualTo(1);
        assertThat(desk.told()).contains("n1 is not a swarm master");
        assertThat(again("context nosuch")).isEqualTo(5);
    }
}
