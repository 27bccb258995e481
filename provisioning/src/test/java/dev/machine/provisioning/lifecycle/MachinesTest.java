package dev.machine.provisioning.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.driver.DriverState;
import dev.machine.driver.generic.GenericDriver;
import dev.machine.driver.none.NoneDriver;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.store.EngineInstall;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.MachineRecord.Phase;
import dev.machine.provisioning.store.SshAccess;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.store.SwarmSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Life without a node: the steps on nodes are tested on real ones, in e2e. */
class MachinesTest {
    private static final String URL = "tcp://127.0.0.1:3376";

    @TempDir private Path folder;

    private final FakeEndpoints endpoints = new FakeEndpoints();
    private Store store;
    private Machines machines;

    @BeforeEach
    void open() {
        store = new Store(folder.resolve("store"));
        machines =
                new Machines(
                        store,
                        List.of(new NoneDriver(), new GenericDriver()),
                        endpoints,
                        new UserSsh(folder, Optional.empty(), name -> Optional.empty()),
                        Clock.systemUTC(),
                        duration -> {},
                        Duration.ZERO,
                        new TestStop(Optional.empty()));
    }

    @Test
    void makesAMasterWithCertificatesOfItsOwnAndStartsIt() {
        machines.create(master(), false, event -> {});

        assertThat(store.load("master").phase()).isEqualTo(Phase.READY);
        assertThat(endpoints.running).containsExactly("master");
        for (String file :
                List.of("server.pem", "server-key.pem", "client.pem", "client-key.pem")) {
            assertThat(store.machine("master").resolve(file)).isNotEmptyFile();
        }
        assertThat(machines.state("master", Duration.ofSeconds(1)).word()).isEqualTo("Running");
    }

    @Test
    void aMasterProvesWhoItIsAtEveryAddressOfLoopback() throws CertificateParsingException {
        machines.create(master(), false, event -> {});

        assertThat(
                        Pem.certificates(store.machine("master").resolve("server.pem"))
                                .getFirst()
                                .getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .contains("master", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void refusesANameThatIsTaken() {
        machines.create(master(), false, event -> {});

        assertThatThrownBy(() -> machines.create(master(), false, event -> {}))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("already exists");
    }

    @Test
    void goesOnWithAMachineThatWasNotFinished() {
        endpoints.refuse = true;
        assertThatThrownBy(() -> machines.create(master(), false, event -> {})).hasMessage("no");
        assertThat(store.load("master").phase()).isEqualTo(Phase.CREATING);
        endpoints.refuse = false;

        machines.create(master(), false, event -> {});

        assertThat(store.load("master").phase()).isEqualTo(Phase.READY);
    }

    @Test
    void writesNothingInADryRun() {
        machines.create(master(), true, event -> {});

        assertThat(folder.resolve("store")).doesNotExist();
    }

    @Test
    void namesAllProblemsAtOnceBeforeAnythingIsSaved() {
        EngineSettings engine =
                new EngineSettings(
                        Map.of(),
                        List.of(),
                        List.of(),
                        Map.of("hosts", "x", "tlsverify", "false"),
                        List.of(),
                        EngineInstall.distro(),
                        Optional.empty());
        Lifecycle.CreateOrder order =
                new Lifecycle.CreateOrder(
                        "x",
                        "generic",
                        Map.of(),
                        engine,
                        SwarmSettings.defaultMember(),
                        RunOptions.UNATTENDED);

        assertThatThrownBy(() -> machines.create(order, false, event -> {}))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.sentence())
                                    .contains("ip-address")
                                    .contains("hosts")
                                    .contains("tlsverify");
                            assertThat(e.exitCode()).isEqualTo(ExitCode.PRE_CREATE_CHECK);
                        });
        assertThat(store.names()).isEmpty();
    }

    @Test
    void takesAMemberOutOfItsSwarmBeforeItRemovesIt() throws Exception {
        machines.create(master(), false, event -> {});
        Path member = store.memberFile("default", "master");
        Files.createDirectories(member.getParent());
        Files.writeString(member, "schema: 1\n");

        machines.remove("master", removal(false), event -> {});

        assertThat(member).doesNotExist();
        assertThat(endpoints.running).isEmpty();
        assertThat(store.find("master")).isEmpty();
    }

    @Test
    void removesADamagedRecordOnlyByForce() throws Exception {
        machines.create(master(), false, event -> {});
        Files.writeString(store.machine("master").resolve("machine.json"), "{\"schema\":");

        assertThatThrownBy(() -> machines.remove("master", removal(false), event -> {}))
                .isInstanceOf(MachineException.class);
        assertThat(store.names()).containsExactly("master");
        machines.remove("master", removal(true), event -> {});
        assertThat(store.names()).isEmpty();
    }

    @Test
    void saysThatAMachineIsNotThere() {
        for (ThrowingCall call :
                List.<ThrowingCall>of(
                        () -> machines.remove("nobody", removal(true), event -> {}),
                        () -> machines.start("nobody", event -> {}),
                        () ->
                                machines.provision(
                                        "nobody",
                                        settings -> settings,
                                        RunOptions.UNATTENDED,
                                        false,
                                        event -> {}))) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            MachineException.class,
                            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND));
        }
    }

    @Test
    void hasNoSwitchForABoard() {
        store.save(
                MachineRecord.begun(
                                "board",
                                "generic",
                                new DriverState(Map.of("ip-address", "192.168.1.4")),
                                EngineSettings.defaults(),
                                SwarmSettings.defaultMember())
                        .withPhase(Phase.READY)
                        .withUrl("tcp://192.168.1.4:2376"));

        assertThatThrownBy(() -> machines.stop("board", event -> {}))
                .hasMessage("board cannot be stopped: driver generic cannot do that");
    }

    @Test
    void anEndpointThatLivesAndServesNobodyDoesNotRun() {
        machines.create(master(), false, event -> {});
        assertThat(machines.state("master", Duration.ofSeconds(1)).word()).isEqualTo("Running");

        endpoints.hanging = true;
        assertThat(machines.state("master", Duration.ofSeconds(1)))
                .isEqualTo(
                        new Lifecycle.State(
                                "Unreachable",
                                Optional.empty(),
                                Optional.of(
                                        "its process runs but does not answer: machine restart master")));
    }

    @Test
    void whoHasOnlyAUrlIsToldWhereItsSwitchIs() {
        machines.create(
                new Lifecycle.CreateOrder(
                        "engine",
                        "none",
                        Map.of("url", "tcp://192.168.1.9:2376"),
                        EngineSettings.defaults(),
                        SwarmSettings.defaultMember(),
                        RunOptions.UNATTENDED),
                false,
                event -> {});
        assertThatThrownBy(() -> machines.stop("engine", event -> {}))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e ->
                                assertThat(e.hint())
                                        .isEqualTo(
                                                "machine knows only its URL, tcp://192.168.1.9:2376: start or stop it where it runs"));
    }

    @Test
    void writesNothingIntoAStoreOfDockerMachine() throws Exception {
        Path other = Files.createDirectories(store.base().resolve("machines/n1"));
        Files.writeString(other.resolve("config.json"), "{}");
        Files.createDirectories(store.certs());
        Files.writeString(store.certs().resolve("ca-key.pem"), "-----BEGIN RSA PRIVATE KEY-----\n");
        List<Path> before = all();

        assertThatThrownBy(() -> machines.create(master(), false, event -> {}))
                .hasMessageContaining("is a store of docker-machine")
                .hasFieldOrPropertyWithValue("exitCode", ExitCode.PRE_CREATE_CHECK);
        assertThat(all()).isEqualTo(before);
        Files.delete(other.resolve("config.json"));
        assertThatThrownBy(() -> machines.create(master(), false, event -> {}))
                .hasMessageContaining("ca.pem is missing beside ca-key.pem; nothing was changed")
                .hasFieldOrPropertyWithValue("exitCode", ExitCode.PRE_CREATE_CHECK);
        assertThat(store.names()).isEmpty();
    }

    private List<Path> all() throws Exception {
        try (var files = Files.walk(store.base())) {
            return files.sorted().toList();
        }
    }

    /** A record as a create has it that has not reached its node. */
    private static MachineRecord begun(String name, String driver, Map<String, String> state) {
        return MachineRecord.begun(
                name,
                driver,
                new DriverState(state),
                EngineSettings.defaults(),
                SwarmSettings.defaultMember());
    }

    @Test
    void aMachineWhoseCreateEndedEarlyIsToldFromOneThatNeverHasSsh() {
        MachineRecord early = begun("early", "generic", Map.of("address", "127.0.0.1"));
        store.save(early);

        assertThatThrownBy(early::requiredSsh)
                .hasMessage("early cannot be reached by SSH yet: its create did not finish");
        assertThatThrownBy(early.withPhase(Phase.READY)::requiredSsh)
                .hasMessage("early has no SSH: driver generic knows only its URL");
        assertThatThrownBy(() -> machines.stop("early", event -> {}))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e ->
                                assertThat(e.hint())
                                        .isEqualTo("its create did not finish: type it again"));
        assertThatThrownBy(() -> machines.restart("early", event -> {}))
                .hasMessage("early has no node to restart: its create did not finish");
    }

    /** Its address is another machine's, or nobody's. */
    @Test
    void aBoardThatWasRefusedIsForgottenAndNeverActedOn() {
        store.save(
                MachineRecord.begun(
                                "refused",
                                "generic",
                                new DriverState(Map.of("ip-address", "127.0.0.1")),
                                EngineSettings.defaults(),
                                SwarmSettings.defaultMember())
                        .failedAt("validate facts")
                        .withUrl("tcp://127.0.0.1:1")
                        .withSsh(
                                new SshAccess(
                                        "127.0.0.1", 1, "root", Optional.empty(), Optional.empty()),
                                List.of()));

        assertThat(machines.state("refused", Duration.ofSeconds(1)).word()).isEmpty();
        assertThatThrownBy(() -> machines.restart("refused", event -> {}))
                .hasMessage(
                        "refused has no node to restart: its create did not finish at 127.0.0.1");
        List<String> said = new ArrayList<>();
        machines.remove(
                "refused",
                new Lifecycle.Removal(false, true, RunOptions.UNATTENDED),
                event -> said.add(((NodeProgress.Note) event).message()));
        assertThat(said)
                .containsExactly(
                        "no node was ever provisioned for it at 127.0.0.1: only its record is removed");
        assertThat(store.names()).isEmpty();
    }

    @Test
    void whoForcesForgetsARecordOfADriverThatIsNotKnown() {
        store.save(begun("newer", "driver-to-come", Map.of()));

        assertThatThrownBy(() -> machines.remove("newer", removal(false), event -> {}))
                .hasMessageContaining("there is no driver");
        assertThat(store.names()).containsExactly("newer");
        machines.remove("newer", removal(true), event -> {});
        assertThat(store.names()).isEmpty();
    }

    @Test
    void letsOneOfTwentyCreatesOfANameWin() throws Exception {
        List<Throwable> errors = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            machines.create(master(), false, event -> {});
                                        } catch (MachineException e) {
                                            synchronized (errors) {
                                                errors.add(e);
                                            }
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
        }

        assertThat(errors).hasSize(19);
        assertThat(store.load("master").phase()).isEqualTo(Phase.READY);
        assertThat(endpoints.starts).isEqualTo(1);
    }

    @Test
    void aDryRunSaysWhatItDoesNotUnderstandOfTheUsersConfiguration() throws IOException {
        Files.createDirectories(folder.resolve(".ssh"));
        Files.writeString(
                folder.resolve(".ssh/config"),
                "Host rack\n  IdentityFile ~/%K\n  ProxyCommand none-of-ours %h\n");
        List<String> notes = new ArrayList<>();
        Lifecycle.CreateOrder rack =
                new Lifecycle.CreateOrder(
                        "rack",
                        "generic",
                        Map.of("ip-address", "rack"),
                        EngineSettings.defaults(),
                        new SwarmSettings("default", false, false, "spread"),
                        RunOptions.UNATTENDED);

        assertThatThrownBy(
                        () ->
                                machines.create(
                                        rack,
                                        true,
                                        event -> {
                                            if (event instanceof NodeProgress.Note note) {
                                                notes.add(note.message());
                                            }
                                        }))
                .hasMessageContaining("ProxyCommand");

        assertThat(notes).singleElement().asString().contains("IdentityFile ~/%K", "%K");
    }

    private interface ThrowingCall {
        void run();
    }

    private static Lifecycle.CreateOrder master() {
        return new Lifecycle.CreateOrder(
                "master",
                "none",
                Map.of("url", URL),
                EngineSettings.defaults(),
                new SwarmSettings("default", false, true, "spread"),
                RunOptions.UNATTENDED);
    }

    private static final class FakeEndpoints implements Endpoints {
        private final Set<String> running = new HashSet<>();
        private int starts;
        private boolean refuse;
        private boolean hanging;

        @Override
        public void start(String name) {
            if (refuse) {
                throw new MachineException("no");
            }
            starts++;
            running.add(name);
        }

        @Override
        public void stop(String name) {
            running.remove(name);
        }

        @Override
        public boolean running(String name) {
            return running.contains(name);
        }

        @Override
        public boolean answers(String name, Duration deadline) {
            return running.contains(name) && !hanging;
        }

        @Override
        public void check(String url) {}
    }

    private static Lifecycle.Removal removal(boolean force) {
        return new Lifecycle.Removal(force, false, RunOptions.UNATTENDED);
    }
}
