package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwarmCommandsTest {
    @TempDir Path base;
    private Desk desk;

    @BeforeEach
    void sitDown() {
        desk = new Desk(base);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "swarm list nodes://a:1,b:[2:3]4|a:1 b:24 b:34",
                "swarm l a:1,b:2|a:1 b:2",
                "swarm list -timeout 5s a:1|a:1",
            })
    void listsAddressesOneALine(String line, String addresses) {
        assertThat(desk.type(line)).isZero();
        assertThat(desk.answer()).isEqualTo(addresses.replace(' ', '\n') + "\n");
        assertThat(desk.told()).isEmpty();
    }

    @Test
    void listsAFileAndSaysWhatIsWrongWithIt() throws IOException {
        Path file = base.resolve("cluster");
        Files.writeString(file, "a:1\nnonsense\n10.0.0.[1:2]:5\n");
        assertThat(desk.type("swarm list file://" + file)).isEqualTo(1);
        assertThat(desk.answer()).isEqualTo("a:1\n10.0.0.1:5\n10.0.0.2:5\n");
        assertThat(desk.told()).isEqualTo(file + ":2: \"nonsense\" is not host:port\n");
        assertThat(desk.type("swarm list file:///no/such/file")).isEqualTo(1);
    }

    @Test
    void listsTheStoresOwnSwarm() throws IOException {
        assertThat(desk.type("swarm list")).isZero();
        assertThat(desk.answer()).isEmpty();
        Path members = desk.store.members("default");
        Files.createDirectories(members);
        Files.writeString(
                members.resolve("n1.yaml"),
                "schema: 1\nname: n1\naddress: h:7\ntls: {ca: a, cert: b, key: c}\n");
        desk.type("swarm list");
        assertThat(desk.answer()).isEqualTo("h:7\n");
        desk.console.with("SWARM_DISCOVERY", "x:1");
        desk.type("swarm list");
        assertThat(desk.answer()).isEqualTo("h:7\nx:1\n");
    }

    @Test
    void refusesATimeOfNothing() {
        assertThat(desk.type("swarm list --timeout 0s a:1")).isEqualTo(2);
        assertThat(desk.told()).contains("--timeout should be a positive number");
    }

    @Test
    void statusNeedsAMasterThatRuns() {
        assertThat(desk.type("swarm status")).isEqualTo(5);
        assertThat(desk.told()).contains("there is no swarm master", "--swarm-master master");
        desk.machine("m1", "tcp://127.0.0.1:3376", true);
        desk.console = new TestConsole();
        assertThat(desk.type("swarm status")).isEqualTo(6);
        assertThat(desk.told()).isEqualTo("m1 is stopped\nmachine start m1\n");
        desk.machine("m2", "tcp://127.0.0.1:3377", true);
        desk.machine("n1", "tcp://127.0.0.1:3377", false);
        desk.console = new TestConsole();
        assertThat(desk.type("swarm status")).isEqualTo(2);
        assertThat(desk.told()).contains("there are several masters, name one: m1, m2");
        assertThat(desk.type("swarm status n1")).isEqualTo(1);
        assertThat(desk.type("swarm status nosuch")).isEqualTo(5);
    }
}
