package dev.machine.driver.aiyara;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.Driver;
import dev.machine.driver.DriverContract;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineName;
import dev.machine.driver.MemoryCheckpoint;
import dev.machine.driver.Problem;
import dev.machine.driver.SshRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AiyaraDriverTest extends DriverContract {
    private final AiyaraDriver driver = new AiyaraDriver();

    @Override
    protected Driver driver() {
        return driver;
    }

    @Override
    protected Map<String, String> goodOptions() {
        return Map.of();
    }

    @Override
    protected Map<String, String> badOptions() {
        return Map.of(
                "address", "10.0.{rack}.{shelf}",
                "host-range", "10.0.0.[1:2]",
                "ssh-port", "0",
                "ssh-user", "root; reboot",
                "ssh-key", "/nonexistent/key",
                "engine-port", "65536");
    }

    private DriverState create(String name, Map<String, String> options) {
        return driver.create(
                new CreateRequest(new MachineName(name), options),
                new MemoryCheckpoint(),
                line -> {});
    }

    private List<String> problems(String name, Map<String, String> options) {
        return driver.check(new CreateRequest(new MachineName(name), options)).stream()
                .map(Problem::sentence)
                .toList();
    }

    @Test
    void findsABoardByItsNameAlone() {
        DriverState state = create("rack-1-node-4", Map.of());
        assertThat(driver.url(state)).isEqualTo("tcp://192.168.1.4:2376");
        assertThat(driver.ssh(state)).map(SshRequest::address).contains("192.168.1.4");
    }

    @ParameterizedTest
    @CsvSource({
        "rack-1-node-4, 10.99.{rack}.{node}, 10.99.1.4",
        "rack-01-node-09, 10.99.{rack}.{node}, 10.99.1.9",
        "rack-0-node-0, 10.99.{rack}.{node}, 10.99.0.0",
        "rack-2-node-30, 10.0.0.2{node}, 10.0.0.230",
        "rack-2-node-7, node-{node}.rack-{rack}.example, node-7.rack-2.example",
        "anything, 10.0.0.1, 10.0.0.1",
        "anything, fd00::1, fd00::1",
        "rack-2-node-7, fd00:{rack}::{node}, fd00:2::7",
    })
    void resolvesTheTemplate(String name, String template, String address) {
        assertThat(problems(name, Map.of("address", template))).isEmpty();
        DriverState state = create(name, Map.of("address", template));
        assertThat(driver.ssh(state).orElseThrow().address()).isEqualTo(address);
    }

    @Test
    void bracketsAnIpv6AddressInTheUrl() {
        assertThat(driver.url(create("a", Map.of("address", "fd00::1", "engine-port", "3376"))))
                .isEqualTo("tcp://[fd00::1]:3376");
    }

    @Test
    void saysThatANameDoesNotFitTheTemplate() {
        assertThat(problems("ocean-1", Map.of()))
                .singleElement()
                .asString()
                .contains("\"ocean-1\" is not like rack-1-node-4")
                .contains("--aiyara-address");
        assertThatThrownBy(() -> create("ocean-1", Map.of()))
                .asInstanceOf(type(MachineException.class))
                .extracting(MachineException::exitCode)
                .isEqualTo(ExitCode.PRE_CREATE_CHECK);
    }

    @Test
    void refusesAnOctetAbove255NamingTheMachine() {
        assertThat(problems("rack-1-node-256", Map.of()))
                .singleElement()
                .asString()
                .contains("192.168.1.256")
                .contains("rack-1-node-256");
    }

    @Test
    void takesAHostRangeApartAsTheOriginalDid() {
        List<CreateRequest> requests =
                driver.requests(
                        "rack-1-node", Map.of("host-range", "192.168.1.[11:15]", "ssh-user", "pi"));
        assertThat(requests)
                .extracting(request -> request.name() + " " + request.options().get("address"))
                .containsExactly(
                        "rack-1-node-11 192.168.1.11",
                        "rack-1-node-12 192.168.1.12",
                        "rack-1-node-13 192.168.1.13",
                        "rack-1-node-14 192.168.1.14",
                        "rack-1-node-15 192.168.1.15");
        for (CreateRequest request : requests) {
            assertThat(driver.check(request)).isEmpty();
            assertThat(request.option("ssh-user")).contains("pi");
        }
    }

    @Test
    void keepsTheWidthOfAHostRangeInNamesAndNotInAddresses() {
        assertThat(driver.requests("n", Map.of("host-range", "10.0.0.[09:10]")))
                .extracting(request -> request.name() + " " + request.options().get("address"))
                .containsExactly("n-09 10.0.0.9", "n-10 10.0.0.10");
    }

    @ParameterizedTest
    @CsvSource({
        "n, 10.0.0.1",
        "n, 10.0.[1:2].[1:2]",
        "n, 10.0.0.]1:2[",
        "n, 10.0.0.[2:1]",
        "n-[1:2], 10.0.0.[1:2]",
        "n/, 10.0.0.[1:2]",
    })
    void refusesAHostRangeThatNamesNothingClearly(String name, String range) {
        assertThatThrownBy(() -> driver.requests(name, Map.of("host-range", range)))
                .asInstanceOf(type(MachineException.class))
                .extracting(MachineException::exitCode)
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void findsTheBadAddressesOfAHostRangeOneByOne() {
        List<CreateRequest> requests =
                driver.requests("n", Map.of("host-range", "10.0.0.[255:256]"));
        assertThat(driver.check(requests.get(0))).isEmpty();
        assertThat(driver.check(requests.get(1))).hasSize(1);
    }

    @Test
    void remembersTheKeyByItsWholePath(@TempDir Path folder) throws Exception {
        Path key = Files.writeString(folder.resolve("id"), "key");
        assertThat(problems("rack-1-node-4", Map.of("ssh-key", key.toString()))).isEmpty();
        DriverState state = create("rack-1-node-4", Map.of("ssh-key", key.toString()));
        assertThat(driver.ssh(state).orElseThrow().key()).contains(key.toAbsolutePath());
        DriverState home = create("rack-1-node-4", Map.of("ssh-key", "~/.ssh/x"));
        assertThat(home.required("ssh-key")).isEqualTo(System.getProperty("user.home") + "/.ssh/x");
    }

    @Test
    void saysWhichKeyIsMissing() {
        assertThat(problems("rack-1-node-4", Map.of("ssh-key", "/nonexistent/key")))
                .containsExactly("SSH key does not exist: \"/nonexistent/key\"");
        assertThat(problems("rack-1-node-4", Map.of("ssh-key", "/"))).hasSize(1);
    }

    @Test
    void refusesAPortThatSomebodyWroteIntoTheRecord() {
        DriverState state =
                new DriverState(
                        Map.of("address", "10.0.0.1", "engine-port", "x", "ssh-port", "22"));
        assertThatThrownBy(() -> driver.url(state))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("driverState.engine-port");
    }
}
