package dev.machine.driver.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.machine.driver.CreateRequest;
import dev.machine.driver.Driver;
import dev.machine.driver.DriverContract;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineName;
import dev.machine.driver.MemoryCheckpoint;
import dev.machine.driver.OptionSpec;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenericDriverTest extends DriverContract {
    private final GenericDriver driver = new GenericDriver();

    @Override
    protected Driver driver() {
        return driver;
    }

    @Override
    protected Map<String, String> goodOptions() {
        return Map.of("ip-address", "server.example");
    }

    @Override
    protected Map<String, String> badOptions() {
        return Map.of("ip-address", "10.0.0.300", "ssh-port", "ssh", "engine-port", "-1");
    }

    @Test
    void hasTheOptionsAndVariablesOfDockerMachine() {
        assertThat(driver.info().options())
                .extracting(OptionSpec::name, OptionSpec::environment, OptionSpec::defaultValue)
                .contains(
                        tuple("ip-address", "GENERIC_IP_ADDRESS", Optional.empty()),
                        tuple("ssh-user", "GENERIC_SSH_USER", Optional.empty()),
                        tuple("ssh-key", "GENERIC_SSH_KEY", Optional.empty()),
                        tuple("ssh-port", "GENERIC_SSH_PORT", Optional.empty()),
                        tuple("engine-port", "GENERIC_ENGINE_PORT", Optional.of("2376")));
    }

    @Test
    void readsThePasswordFromStandardInputOrAVariable() {
        OptionSpec password =
                driver.info().options().stream().filter(OptionSpec::secret).findFirst().get();
        assertThat(password.name()).isEqualTo("ssh-passwd-stdin");
        assertThat(password.environment()).isEqualTo("MACHINE_GENERIC_SSH_PASSWD");
        assertThat(password.kind()).isEqualTo(OptionSpec.Kind.STDIN);
    }

    @Test
    void goesWhereTheUserSays() {
        DriverState state =
                driver.create(
                        new CreateRequest(
                                new MachineName("x"),
                                Map.of(
                                        "ip-address", "fd00::5",
                                        "ssh-port", "2222",
                                        "ssh-user", "pi",
                                        "engine-port", "1234")),
                        new MemoryCheckpoint(),
                        line -> {});
        assertThat(driver.url(state)).isEqualTo("tcp://[fd00::5]:1234");
        assertThat(driver.ssh(state))
                .get()
                .satisfies(
                        ssh -> {
                            assertThat(ssh.address()).isEqualTo("fd00::5");
                            assertThat(ssh.port()).hasValue(2222);
                            assertThat(ssh.user()).contains("pi");
                            assertThat(ssh.jump()).isEmpty();
                        });
    }

    @Test
    void asksForAnAddress() {
        assertThat(driver.check(new CreateRequest(new MachineName("x"), Map.of())))
                .singleElement()
                .satisfies(
                        problem -> assertThat(problem.option()).isEqualTo("--generic-ip-address"));
    }

    @Test
    void remembersTheJumpHostAndTheHostKeyThatTheUserVouchesFor() {
        DriverState state =
                driver.create(
                        new CreateRequest(
                                new MachineName("x"),
                                Map.of(
                                        "ip-address", "10.0.0.5",
                                        "ssh-jump", "pi@[fd00::1]:2222",
                                        "ssh-host-key", "strict")),
                        new MemoryCheckpoint(),
                        line -> {});
        assertThat(driver.ssh(state).get().jump().get()).hasToString("pi@[fd00::1]:2222");
        assertThat(driver.ssh(state).get().trust()).contains("strict");
        assertThat(driver.ssh(state).get().user()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ssh-jump,pi@",
        "ssh-jump,a b",
        "ssh-jump,-oProxyCommand=x",
        "ssh-jump,host:0",
        "ssh-jump,'one,two'",
        "ssh-host-key,SHA256:short",
        "ssh-host-key,MD5:aa",
        "ssh-host-key,Strict"
    })
    void refusesAJumpHostOrAHostKeyThatIsNone(String option, String value) {
        assertThat(
                        driver.check(
                                new CreateRequest(
                                        new MachineName("x"),
                                        Map.of("ip-address", "10.0.0.5", option, value))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.option()).isEqualTo("--" + option));
    }
}
