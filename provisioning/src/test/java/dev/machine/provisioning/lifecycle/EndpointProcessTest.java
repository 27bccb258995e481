package dev.machine.provisioning.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Poll;
import dev.machine.driver.DriverState;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.store.SwarmSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real processes: {@link LockedServer} stands in for the endpoint. */
class EndpointProcessTest {
    private static final String NAME = "master";

    @TempDir Path base;
    private Store store;
    private String url;

    @BeforeEach
    void aMasterWithCertificates() throws IOException {
        store = new Store(base);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "tcp://127.0.0.1:" + free.getLocalPort();
        }
        store.save(master(NAME));
        Authority authority = new Authority(store, Clock.systemUTC());
        authority.ensure();
        authority.endpointCertificates(
                NAME, store.machine(NAME), List.of("127.0.0.1", "::1", "localhost"));
    }

    private MachineRecord master(String name) {
        return MachineRecord.begun(
                        name,
                        "none",
                        new DriverState(Map.of("url", url)),
                        EngineSettings.defaults(),
                        new SwarmSettings("default", true, true, "spread"))
                .withPhase(MachineRecord.Phase.READY)
                .withUrl(url);
    }

    @AfterEach
    void nothingIsLeftRunning() {
        endpoints("serve").stop(NAME);
    }

    @Test
    void startsAnEndpointThatOutlivesTheCallAndStopsIt() {
        EndpointProcess endpoints = endpoints("serve");
        assertThat(endpoints.running(NAME)).isFalse();
        endpoints.start(NAME);
        assertThat(endpoints.running(NAME)).isTrue();
        long first = holder();
        endpoints.start(NAME);
        assertThat(holder()).isEqualTo(first);
        endpoints.stop(NAME);
        assertThat(endpoints.running(NAME)).isFalse();
        endpoints.stop(NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "[::]"})
    void startsAnEndpointThatListensOnEveryAddress(String every) {
        url = url.replace("127.0.0.1", every);
        store.save(store.load(NAME).withUrl(url));
        EndpointProcess endpoints = endpoints("serve");
        endpoints.start(NAME);
        assertThat(endpoints.running(NAME)).isTrue();
    }

    @Test
    void startsAgainAfterItsProcessWasKilled() {
        EndpointProcess endpoints = endpoints("serve");
        endpoints.start(NAME);
        long first = holder();
        ProcessHandle process = ProcessHandle.of(first).orElseThrow();
        process.destroyForcibly();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(endpoints.running(NAME)).isFalse();
        endpoints.start(NAME);
        assertThat(holder()).isNotEqualTo(first);
    }

    @Test
    void killsAnEndpointThatIgnoresTheSignal() {
        endpoints("deaf").start(NAME);
        endpoints("deaf", hurried()).stop(NAME);
        assertThat(endpoints("deaf").running(NAME)).isFalse();
    }

    @Test
    void replacesAnEndpointThatLivesAndServesNobody() throws IOException {
        Process silent = new ProcessBuilder(command("silent", NAME)).start();
        try {
            assertThat(silent.inputReader().readLine()).isEqualTo("silent");
            EndpointProcess endpoints = endpoints("serve");
            assertThat(endpoints.running(NAME)).isTrue();
            assertThat(endpoints.answers(NAME, Duration.ofSeconds(1))).isFalse();

            endpoints("serve", hurried()).start(NAME);

            assertThat(endpoints.answers(NAME, Duration.ofSeconds(5))).isTrue();
            assertThat(silent.isAlive()).isFalse();
        } finally {
            silent.destroyForcibly();
        }
    }

    @Test
    void theAnswerOfAnotherEndpointIsNotTakenForItsOwn() {
        EndpointProcess endpoints = endpoints("serve");
        endpoints.start(NAME);
        store.save(master("second"));

        assertThatThrownBy(() -> endpoints.start("second"))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("master answers at " + url + ", so second cannot listen");
        assertThat(endpoints.running(NAME)).isTrue();
    }

    @Test
    void showsTheLastLinesOfAnEndpointThatDies() {
        assertThatThrownBy(() -> endpoints("die").start(NAME))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("ended with exit code 7")
                .hasMessageContaining("the address is in use");
    }

    @Test
    void signalsNobodyWhenTheLockIsFree() throws IOException {
        long self = ProcessHandle.current().pid();
        Files.writeString(store.machine(NAME).resolve(Store.ENDPOINT_LOCK), Long.toString(self));
        endpoints("serve").stop(NAME);
        assertThat(ProcessHandle.of(self)).isPresent();
    }

    @Test
    void refusesAUrlThatIsNotOnThisComputer() {
        // TEST-NET-1 of RFC 5737: nobody has it, and nothing is sent there.
        assertThatThrownBy(() -> endpoints("serve").check("tcp://192.0.2.1:3376"))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PRE_CREATE_CHECK))
                .hasMessageContaining("192.0.2.1 is not an address of this computer");
        assertThatThrownBy(() -> endpoints("serve").check("http://127.0.0.1"))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("tcp://ADDRESS:PORT");
        assertThatCode(() -> endpoints("serve").check("tcp://[::1]:3376"))
                .doesNotThrowAnyException();
        assertThatCode(() -> endpoints("serve").check("tcp://0.0.0.0:3376"))
                .doesNotThrowAnyException();
    }

    private long holder() {
        return store.endpointLock(NAME).holder().orElseThrow();
    }

    private EndpointProcess endpoints(String manner) {
        return endpoints(manner, Poll.steady(EndpointProcessTest::pause));
    }

    private EndpointProcess endpoints(String manner, Poll poll) {
        return new EndpointProcess(store, name -> command(manner, name), poll);
    }

    /** For waits that the test knows to be long: each pause is short, and counts as a whole one. */
    private static Poll hurried() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        return new Poll(
                now::get,
                time -> {
                    pause(Duration.ofMillis(8));
                    now.updateAndGet(it -> it.plus(time));
                });
    }

    private List<String> command(String manner, String name) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockedServer.class.getName(),
                manner,
                base.toString(),
                name,
                url);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
