package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.common.SteadyClock;
import dev.machine.driver.Driver;
import dev.machine.driver.aiyara.AiyaraDriver;
import dev.machine.driver.digitalocean.DigitalOceanDriver;
import dev.machine.driver.generic.GenericDriver;
import dev.machine.driver.none.NoneDriver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Help is read on a terminal of 80 columns and at most 45 lines. */
class HelpTest {
    private static final List<Driver> DRIVERS =
            List.of(
                    new AiyaraDriver(),
                    new GenericDriver(),
                    new DigitalOceanDriver(
                            name -> Optional.empty(), new SteadyClock(), pause -> {}),
                    new NoneDriver());

    @TempDir Path base;

    private List<String> help(String line) {
        TestConsole console = new TestConsole();
        CommandLineInterface machine =
                new CommandLineInterface(console.console(), DRIVERS, folder -> new Desk(base));
        assertThat(machine.run(List.of(line.split(" ")))).as(console.told()).isZero();
        return console.answer().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create --help",
                "swarm manage --help",
                "provision --help",
                "doctor --help",
                "rm --help",
                "certs rotate-ca --help",
                "image rules --help"
            })
    void helpFitsAScreen(String line) {
        assertThat(help(line)).hasSizeLessThanOrEqualTo(45);
    }

    @Test
    void noHelpIsWiderThanATerminal() {
        for (String command : CommandList.summaries().keySet()) {
            assertThat(help(command.equals("help") ? "help" : command + " --help"))
                    .as(command)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
        assertThat(help("create -d digitalocean --help"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void helpOfCreateHasOneLineForEachDriverAndNoneOfItsOptions() {
        assertThat(help("create --help"))
                .contains("Options:", "Engine:", "Swarm:")
                .anySatisfy(line -> assertThat(line).startsWith("Drivers ").endsWith(":"))
                .anySatisfy(line -> assertThat(line).matches("  aiyara +boards on racks.*"))
                .anySatisfy(line -> assertThat(line).matches("  digitalocean +droplets .*"))
                .noneSatisfy(line -> assertThat(line).contains("--aiyara-"))
                .noneSatisfy(line -> assertThat(line).contains("--digitalocean-"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create -d digitalocean --help",
                "create --help -d digitalocean",
                "create --driver=digitalocean -h",
                "create -driver digitalocean --help",
                "help create -d digitalocean"
            })
    void helpOfCreateShowsTheOptionsOfTheDriverThatIsNamed(String line) {
        assertThat(help(line))
                .anySatisfy(it -> assertThat(it).startsWith("Driver digitalocean"))
                .anySatisfy(it -> assertThat(it).startsWith("Other drivers "))
                .anySatisfy(it -> assertThat(it).matches("  --digitalocean-size VALUE +size.*"))
                .anySatisfy(it -> assertThat(it).matches("  aiyara +boards on racks.*"))
                .noneSatisfy(it -> assertThat(it).contains("--aiyara-"));
    }

    @Test
    void anUnusualVariableOfADriverIsNamed() {
        assertThat(String.join("\n", help("create -d generic --help")))
                .contains("GENERIC_IP_ADDRESS", "$MACHINE_SSH_JUMP", "$MACHINE_GENERIC_SSH_PASSWD")
                .doesNotContain("$GENERIC_SSH_USER");
    }

    @Test
    void whatHasNoEffectInSwarmManageIsOneParagraphAtTheEnd() {
        List<String> help = help("swarm manage --help");
        assertThat(help)
                .contains("TLS:")
                .noneSatisfy(it -> assertThat(it).startsWith("  --engine-failure-retry"));
        int last = help.lastIndexOf("");
        assertThat(String.join(" ", help.subList(last + 1, help.size())))
                .contains("no effect", "--engine-failure-retry", "Refused: --replication");
    }
}
