package dev.machine.provisioning.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.common.Poll;
import dev.machine.driver.Checkpoint;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.Driver;
import dev.machine.driver.DriverInfo;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineKeys;
import dev.machine.driver.Power;
import dev.machine.driver.Problem;
import dev.machine.driver.Progress;
import dev.machine.driver.SshRequest;
import dev.machine.driver.Status;
import dev.machine.driver.generic.GenericDriver;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.ssh.HostKeys;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.step.StepId;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.MachineRecord.Phase;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.store.SwarmSettings;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Machines that cost money: what is kept of them when their making fails, and who switches them.
 */
class BoughtMachinesTest {
    @TempDir private Path folder;

    private final Shop shop = new Shop();
    private Store store;
    private Machines machines;

    @BeforeEach
    void open() {
        store = new Store(folder.resolve("store"));
        machines =
                new Machines(
                        store,
                        List.of(shop, new GenericDriver()),
                        new EndpointProcess(store, name -> List.of(), Poll.steady(pause -> {})),
                        new UserSsh(folder, Optional.empty(), name -> Optional.empty()),
                        Clock.systemUTC(),
                        duration -> {},
                        Duration.ZERO,
                        new TestStop(Optional.empty()));
    }

    @Test
    void givesARerunWhatTheAttemptBeforeHad() {
        shop.failing = true;
        assertThatThrownBy(() -> create("shop")).hasMessage("sold out");
        assertThat(store.load("x").phase()).isEqualTo(Phase.CREATING);
        assertThatThrownBy(() -> create("shop")).hasMessage("sold out");

        assertThat(shop.seen).containsExactly(Map.of(), Map.of("order", "1"));
        assertThat(shop.hosts.getFirst()).isEqualTo(shop.hosts.getLast());
        assertThat(shop.logins.getFirst()).isEqualTo(shop.logins.getLast());
    }

    @Test
    void trustsTheHostKeyThatItGaveAndKeepsItsPublicHalfOnly() throws Exception {
        Files.createDirectories(store.base());
        SshServer stranger = SshServer.setUpDefaultServer();
        stranger.setHost("127.0.0.1");
        stranger.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
        List<String> asked = new ArrayList<>();
        stranger.setPublickeyAuthenticator((user, key, session) -> asked.add(user));
        stranger.start();
        shop.port = stranger.getPort();
        new HostKeys(store.knownHosts())
                .pin(
                        "127.0.0.1",
                        shop.port,
                        new HostKeys.HostKey("ssh-ed25519", "c29tZWJvZHkgZWxzZQ=="));

        try {
            assertThatThrownBy(() -> create("shop"))
                    .hasMessageContaining("has changed")
                    .hasFieldOrPropertyWithValue("exitCode", ExitCode.HOST_KEY_CHANGED);
        } finally {
            stranger.stop(true);
        }
        assertThat(asked).as("users that tried to log in").isEmpty();

        assertThat(new HostKeys(store.knownHosts()).pinned("127.0.0.1", shop.port))
                .singleElement()
                .satisfies(
                        key ->
                                assertThat(shop.hosts.getFirst().publicKey())
                                        .isEqualTo(key.type() + " " + key.base64()));
        assertThat(store.load("x").ssh().get().key()).contains("id_ed25519");
        assertThat(store.machine("x").resolve("id_ed25519")).exists();
        assertThat(store.machine("x").resolve("host_ed25519")).doesNotExist();
        String secret = shop.hosts.getFirst().privateKey();
        try (var files = Files.walk(store.base())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain(secret);
            }
        }
    }

    @Test
    void doesNotForgetAHalfMadeMachineForAnotherDriver() {
        shop.failing = true;
        assertThatThrownBy(() -> create("shop")).hasMessage("sold out");
        assertThatThrownBy(() -> create("generic"))
                .hasMessage("machine \"x\" was begun with driver shop");
        machines.remove("x", removal(false), event -> {});
        assertThat(shop.removed).containsExactly(Map.of("order", "1"));
        assertThat(store.names()).isEmpty();
    }

    @Test
    void plansAPurchaseAndBuysNothing() {
        List<NodeProgress.Event> events = new ArrayList<>();
        machines.create(order("shop"), true, events::add);
        assertThat(events)
                .containsExactly(
                        new NodeProgress.Planned(
                                "x", new StepId("create"), List.of("buy one for $6.00")));
        assertThat(shop.seen).isEmpty();
        assertThat(store.base()).doesNotExist();
    }

    @Test
    void asksTheOwnerOfAMachineWhoseEngineDoesNotAnswer() {
        bought();
        for (Map.Entry<Status, String> answer :
                Map.of(
                                Status.STOPPED, "Stopped",
                                Status.GONE, "Gone",
                                Status.STARTING, "Starting",
                                Status.RUNNING, "Unreachable")
                        .entrySet()) {
            shop.status = answer.getKey();
            assertThat(machines.state("x", Duration.ofSeconds(9)).word())
                    .isEqualTo(answer.getValue());
        }
    }

    /** A third of the deadline was all that an owner had. */
    @Test
    void anOwnerMayTakeAsLongAsTheWholeDeadline() {
        bought();
        shop.status = Status.STOPPED;
        shop.takes = Duration.ofMillis(1500);
        assertThat(machines.state("x", Duration.ofSeconds(3)).word()).isEqualTo("Stopped");
    }

    @Test
    void remembersWhatItSwitchedOffItself() {
        bought();
        shop.takes = Duration.ofSeconds(20);
        assertThat(machines.state("x", Duration.ofSeconds(1)).word()).isEqualTo("Unreachable");
        machines.stop("x", event -> {});
        long begin = System.nanoTime();
        assertThat(machines.state("x", Duration.ofSeconds(1)).word()).isEqualTo("Stopped");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));

        // What the owner says counts more: somebody else may have switched it on.
        shop.takes = Duration.ZERO;
        shop.status = Status.STARTING;
        assertThat(machines.state("x", Duration.ofSeconds(9)).word()).isEqualTo("Starting");
    }

    /** Its engine may be up before the first look, and nobody saw one go away. */
    @Test
    void restartingOneThatIsOffWaitsForItsEngineOnly() throws Exception {
        new Authority(store, Clock.systemUTC()).ensure();
        Path keys = folder.resolve("keys");
        new Authority(store, Clock.systemUTC())
                .endpointCertificates("x", keys, List.of("127.0.0.1"));
        HttpsServer engine = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        engine.setHttpsConfigurator(
                new HttpsConfigurator(
                        Pem.context(
                                store.certs().resolve("ca.pem"),
                                keys.resolve("server.pem"),
                                keys.resolve("server-key.pem"))));
        engine.createContext(
                "/version",
                exchange -> {
                    byte[] answer = "{\"Version\":\"28.0.0\"}".getBytes(StandardCharsets.US_ASCII);
                    // As long as the droplet is off, its address gives nothing.
                    exchange.sendResponseHeaders(
                            shop.switched.contains("restart") ? 200 : 503, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        engine.start();
        try {
            bought();
            store.save(store.load("x").withUrl("tcp://127.0.0.1:" + engine.getAddress().getPort()));
            machines.restart("x", event -> {});
            assertThat(shop.switched).containsExactly("restart");
        } finally {
            engine.stop(0);
        }
    }

    @Test
    void switchesByTheOwner() {
        bought();
        machines.stop("x", event -> {});
        machines.kill("x", event -> {});
        assertThat(shop.switched).containsExactly("stop", "kill");
    }

    private void create(String driver) {
        machines.create(order(driver), false, event -> {});
    }

    private static Lifecycle.CreateOrder order(String driver) {
        return new Lifecycle.CreateOrder(
                "x",
                driver,
                Map.of("ip-address", "192.168.1.4"),
                EngineSettings.defaults(),
                SwarmSettings.defaultMember(),
                RunOptions.UNATTENDED);
    }

    private void bought() {
        new Authority(store, Clock.systemUTC()).ensure();
        store.save(
                MachineRecord.begun(
                                "x",
                                "shop",
                                new DriverState(Map.of("order", "1")),
                                EngineSettings.defaults(),
                                SwarmSettings.defaultMember())
                        .withPhase(Phase.READY)
                        .withUrl("tcp://127.0.0.1:1"));
    }

    /** Sells machines that nobody can reach. */
    private static final class Shop implements Driver, Power.ByApi {
        private final List<Map<String, String>> seen = new ArrayList<>();
        private final List<Map<String, String>> removed = new ArrayList<>();
        private final List<MachineKeys.Host> hosts = new ArrayList<>();
        private final List<String> logins = new ArrayList<>();
        private final List<String> switched = new ArrayList<>();
        private boolean failing;
        private int port = 1;
        private Status status = Status.RUNNING;
        private Duration takes = Duration.ZERO;

        @Override
        public DriverInfo info() {
            return new DriverInfo("shop", "machines for money", List.of());
        }

        @Override
        public List<Problem> check(CreateRequest request) {
            return List.of();
        }

        @Override
        public List<String> plan(CreateRequest request) {
            return List.of("buy one for $6.00");
        }

        @Override
        public DriverState create(CreateRequest request, Checkpoint checkpoint, Progress progress) {
            seen.add(checkpoint.saved().values());
            hosts.add(checkpoint.keys().host());
            logins.add(checkpoint.keys().login().authorizedKey());
            DriverState state = new DriverState(Map.of("order", "1"));
            checkpoint.save(state);
            if (failing) {
                throw new MachineException("sold out");
            }
            return new DriverState(
                    Map.of(
                            "order", "1",
                            "key", checkpoint.keys().login().privateKey().toString(),
                            "host", checkpoint.keys().host().publicKey()));
        }

        @Override
        public Status status(DriverState state) {
            try {
                Thread.sleep(takes);
            } catch (InterruptedException e) {
                throw MachineException.interrupted(e);
            }
            return status;
        }

        @Override
        public Optional<SshRequest> ssh(DriverState state) {
            return Optional.of(
                    new SshRequest(
                            "127.0.0.1",
                            OptionalInt.of(port),
                            Optional.of("root"),
                            state.find("key").map(Path::of),
                            Optional.empty(),
                            Optional.empty(),
                            state.find("host")));
        }

        @Override
        public String url(DriverState state) {
            return "tcp://127.0.0.1:1";
        }

        @Override
        public Power power() {
            return this;
        }

        @Override
        public void remove(DriverState state) {
            removed.add(state.values());
        }

        @Override
        public void start(DriverState state) {
            switched.add("start");
        }

        @Override
        public void stop(DriverState state) {
            switched.add("stop");
        }

        @Override
        public void restart(DriverState state) {
            switched.add("restart");
        }

        @Override
        public void kill(DriverState state) {
            switched.add("kill");
        }
    }

    private static Lifecycle.Removal removal(boolean force) {
        return new Lifecycle.Removal(force, false, RunOptions.UNATTENDED);
    }
}
