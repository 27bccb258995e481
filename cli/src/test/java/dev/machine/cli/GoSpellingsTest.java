package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fingers that know docker-machine type. */
class GoSpellingsTest {
    @TempDir private Path base;
    private Desk desk;

    @BeforeEach
    void sitDown() {
        desk = new Desk(base);
        desk.machine("m1", "tcp://192.168.1.2:2376", false);
        desk.machine("master", "tcp://127.0.0.1:3376", true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create -driver=aiyara -aiyara-ssh-user=pi --swarm=true x",
                "create -driver aiyara --aiyara-ssh-user pi -swarm x",
                "-debug=false create -d=aiyara -aiyara-ssh-user pi -swarm=t x",
                "create -swarm=false -swarm -daiyara -aiyara-ssh-user=pi x"
            })
    void oneDashDoesAndASwitchMaySaySo(String line) {
        assertThat(desk.type(line)).as(desk.told()).isZero();
        assertThat(desk.machines.orders)
                .singleElement()
                .satisfies(
                        order -> {
                            assertThat(order.driver()).isEqualTo("aiyara");
                            assertThat(order.driverOptions()).containsEntry("ssh-user", "pi");
                            assertThat(order.swarm().member()).isTrue();
                        });
    }

    @Test
    void aSwitchMayBeOff() {
        assertThat(desk.type("config --swarm=false m1")).as(desk.told()).isZero();
        assertThat(desk.type("config --swarm=perhaps m1")).isEqualTo(2);
        assertThat(desk.told()).contains("--swarm takes true or false");
    }

    @Test
    void aValueIsNoOption() {
        assertThat(desk.type("create -d aiyara --engine-label -driver=x y")).isEqualTo(2);
        assertThat(desk.told()).doesNotContain("unknown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "help",
                "-h",
                "-help",
                "--help",
                "--help=true",
                "help --help",
                "help -h",
                "help help",
                "help -help"
            })
    void helpIsHelp(String line) {
        assertThat(desk.type(line)).as(desk.told()).isZero();
        assertThat(desk.answer()).startsWith("Usage: machine").contains("create", "exit-codes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "help create",
                "create --help",
                "create -help",
                "create -h",
                "help create --help"
            })
    void helpOfACommandIsItsUsage(String line) {
        assertThat(desk.type(line)).as(desk.told()).isZero();
        assertThat(desk.answer()).startsWith("Usage: machine create");
    }

    @ParameterizedTest
    @CsvSource({
        "active,machine active [OPTIONS]",
        "url,machine url [OPTIONS] [NAME]",
        "config,machine config [OPTIONS] [NAME]",
        "status,machine status [OPTIONS] [NAME]",
        "completion,machine completion [OPTIONS] SHELL",
        "image resolve,machine image resolve [OPTIONS] IMAGE",
        "rm,machine rm [OPTIONS] [NAME...]",
        "ssh,machine ssh [OPTIONS] NAME [COMMAND...]"
    })
    void theUsageNamesAsManyArgumentsAsAreTaken(String command, String usage) {
        assertThat(desk.type("help " + command)).isZero();
        assertThat(desk.answer().lines().findFirst()).contains("Usage: " + usage);
    }

    @Test
    void theHeadersOfATableAreDockerMachines() {
        desk.type(
                List.of(
                        "ls",
                        "--cached",
                        "-f",
                        "table {{.Name}}\t{{.driverName}}\t{{.ActiveHost}}\t{{.ResponseTime}}\t{{.Error}}"));
        assertThat(desk.answer().lines().findFirst().orElseThrow().split(" +"))
                .containsExactly("NAME", "DRIVER", "ACTIVE_HOST", "RESPONSE", "ERRORS");
    }

    @Test
    void anEmptyTableHasTheHeaderOfAFullOne() {
        desk.type("ls --cached -f table");
        String full = desk.answer().lines().findFirst().orElseThrow();
        desk.console = new TestConsole();
        desk.type("ls --cached -f table --filter name=nobody");

        assertThat(full.split(" +")).startsWith("NAME", "ACTIVE", "DRIVER");
        assertThat(desk.answer().split(" +")).containsExactly((full + "\n").split(" +"));
    }
}
