package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.lifecycle.Lifecycle.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LsTest {
    @TempDir Path base;
    private Desk desk;

    @BeforeEach
    void threeMachines() {
        desk = new Desk(base);
        desk.machine("rack-1-node-11", "tcp://192.168.1.11:2376", false);
        desk.machine("rack-1-node-2", "tcp://192.168.1.2:2376", false);
        desk.machine("master", "tcp://127.0.0.1:3376", true);
        desk.machines.states.put(
                "master", new State("Stopped", Optional.empty(), Optional.empty()));
        desk.machines.states.put(
                "rack-1-node-11",
                new State("Unreachable", Optional.empty(), Optional.of("no answer within 10 s")));
        desk.console.with("DOCKER_HOST", "tcp://192.168.1.2:2376");
    }

    @Test
    void showsTheColumnsInNaturalOrder() {
        assertThat(desk.type("ls")).isZero();
        assertThat(desk.answer())
                .isEqualTo(
                        """
                        NAME             ACTIVE   DRIVER   STATE         URL                       SWARM             PLATFORM       DOCKER            ERRORS
                        master                    none     Stopped       tcp://127.0.0.1:3376      master (master)
                        rack-1-node-2    *        aiyara   Running       tcp://192.168.1.2:2376    master            linux/arm/v7   v20.10.24+dfsg1
                        rack-1-node-11            aiyara   Unreachable   tcp://192.168.1.11:2376   master            linux/arm/v7                     no answer within 10 s
                        """);
    }

    @Test
    void saysOnOneLineWhatIsNotOurs() throws IOException {
        Files.createDirectories(base.resolve("machines/n1"));
        Files.writeString(base.resolve("machines/n1/config.json"), "{}");
        assertThat(desk.type("ls --cached")).isZero();
        assertThat(desk.answer()).doesNotContain("n1 ");
        assertThat(desk.console.told())
                .isEqualTo(
                        "ignored, because machine did not make it: n1 in %s; MACHINE_STORAGE_PATH sets another folder\n"
                                .formatted(base.resolve("machines")));
    }

    @Test
    void asksNobodyForWhatTheStoreKnows() {
        desk.machines.hanging.add("rack-1-node-2");
        assertThat(desk.type("ls --cached")).isZero();
        assertThat(desk.answer()).contains("rack-1-node-2").doesNotContain("Running", "Stopped");
        desk.console = new TestConsole();
        assertThat(desk.type("ls -q")).isZero();
        assertThat(desk.answer()).isEqualTo("master\nrack-1-node-2\nrack-1-node-11\n");
    }

    @Test
    void showsTheOthersWhenOneMachineHangs() {
        desk.machines.hanging.add("rack-1-node-2");
        assertThat(desk.type("ls --timeout 1")).isZero();
        assertThat(desk.answer())
                .containsPattern("rack-1-node-2 .* Timeout .* no answer within 1 s")
                .containsPattern("rack-1-node-11 .* Unreachable");
    }

    @Test
    void showsABrokenRecordAsOneRow() throws IOException {
        Files.writeString(desk.store.machine("rack-1-node-2").resolve("machine.json"), "{");
        assertThat(desk.type("ls")).isZero();
        assertThat(desk.answer())
                .containsPattern("(?m)^rack-1-node-2 .*Error .*machine.json")
                .containsPattern("(?m)^rack-1-node-11 ");
    }

    @Test
    void filtersByEveryKey() {
        assertThat(names("--filter driver=AIYARA")).isEqualTo("rack-1-node-2\nrack-1-node-11\n");
        assertThat(names("--filter state=running")).isEqualTo("rack-1-node-2\n");
        assertThat(names("--filter name=node-1+$")).isEqualTo("rack-1-node-11\n");
        assertThat(names("--filter swarm=master --filter driver=none")).isEqualTo("master\n");
        assertThat(names("--filter label=a=b")).isEmpty();
    }

    @Test
    @Timeout(10)
    void namesAreMatchedInLinearTimeAndAsGoDid() {
        desk.machine("a".repeat(60) + "b", "tcp://192.168.1.3:2376", false);
        assertThat(names("--filter name=^(a|aa)+$")).isEmpty();
        assertThat(names("--filter name=^[[:alpha:]]+$")).isEqualTo("a".repeat(60) + "b\nmaster\n");
        assertThat(desk.type("ls --filter name=(?=a)")).isEqualTo(2);
        assertThat(desk.told()).contains("\"(?=a)\" is not a regular expression: ");
        assertThat(desk.type("ls --filter name=((x{1,99}){1,99}){1,99}")).isEqualTo(2);
        assertThat(desk.told()).contains("its repetitions make it too large");
    }

    @Test
    void refusesAnUnknownFilter() {
        assertThat(desk.type("ls --filter colour=red")).isEqualTo(2);
        assertThat(desk.told()).contains("unknown filter key \"colour\"", "driver, label");
    }

    @Test
    void printsATemplateAndATableTemplate() {
        desk.type(List.of("ls", "--filter", "driver=none", "-f", "{{.Name}}={{.URL}}"));
        assertThat(desk.answer()).isEqualTo("master=tcp://127.0.0.1:3376\n");
        desk.console = new TestConsole();
        desk.type(List.of("ls", "--format", "table {{.Name}}\\t{{.State}}"));
        assertThat(desk.answer())
                .isEqualTo(
                        """
                        NAME             STATE
                        master           Stopped
                        rack-1-node-2    Running
                        rack-1-node-11   Unreachable
                        """);
    }

    @Test
    void printsJsonWithStableKeys() {
        assertThat(desk.type("ls -o json --filter driver=none")).isZero();
        assertThat(desk.answer())
                .isEqualTo(
                        """
                        [
                            {
                                "name": "master",
                                "active": false,
                                "driver": "none",
                                "state": "Stopped",
                                "url": "tcp://127.0.0.1:3376",
                                "swarm": "master",
                                "master": true,
                                "platform": "",
                                "docker": "",
                                "error": ""
                            }
                        ]
                        """);
    }

    private String names(String filters) {
        desk.console = new TestConsole();
        assertThat(desk.type("ls -o name " + filters)).isZero();
        return desk.answer();
    }
}
