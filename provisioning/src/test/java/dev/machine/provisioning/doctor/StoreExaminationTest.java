package dev.machine.provisioning.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.machine.driver.DriverState;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.MachineRecord.Phase;
import dev.machine.provisioning.store.SshAccess;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.store.SwarmSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreExaminationTest {
    private static final Instant NOW = Instant.now();

    @TempDir private Path folder;
    private Store store;

    @BeforeEach
    void aStoreInOrder() throws Exception {
        store = new Store(folder.resolve("store"));
        new Authority(store, Clock.systemUTC()).ensure();
        store.save(machine("n1", Phase.READY));
        Files.createDirectories(store.members("default"));
        Files.writeString(store.memberFile("default", "n1"), "schema: 1\n");
        Files.writeString(store.machine("n1").resolve("rack"), "-----BEGIN PRIVATE KEY-----\n");
        open(store.machine("n1").resolve("rack"), "rw-------");
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        assertThat(found(NOW)).isEmpty();
        assertThat(new StoreExamination(new Store(folder.resolve("none")), NOW).whole()).isEmpty();
    }

    @Test
    void findsABrokenRecordAndThoseThatAreNotFinished() throws Exception {
        Files.createDirectory(
                store.machine("torn"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(store.machine("torn").resolve("machine.json"), "{");
        store.save(machine("begun", Phase.CREATING));
        store.save(machine("fell", Phase.READY).failedAt("install engine"));
        store.save(machine("half", Phase.REMOVING));

        assertThat(found(NOW))
                .extracting(it -> it.machine() + " " + it.check())
                .containsExactlyInAnyOrder(
                        "torn record", "begun unfinished", "fell unfinished", "half unfinished");
        assertThat(found(NOW))
                .extracting(Finding::sentence)
                .contains("it failed at \"install engine\"");
    }

    @Test
    void findsKeysThatOthersCouldRead() throws Exception {
        open(store.certs().resolve("key.pem"), "rw-r--r--");
        open(store.machine("n1").resolve("rack"), "rw-r-----");

        assertThat(found(NOW))
                .extracting(Finding::check, Finding::cure)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                "permissions", "chmod go= " + store.certs().resolve("key.pem")),
                        org.assertj.core.groups.Tuple.tuple(
                                "permissions", "chmod go= " + store.machine("n1").resolve("rack")));
    }

    @Test
    void namesWhatOthersMayWriteWhereTheyCanReachIt() throws Exception {
        open(store.memberFile("default", "n1"), "rw-rw-rw-");
        assertThat(found(NOW)).as("in a closed folder").isEmpty();

        open(store.base(), "rwxrwxrwx");
        open(store.members("default"), "rwxrwxrwx");
        assertThat(found(NOW))
                .singleElement()
                .satisfies(
                        it -> {
                            assertThat(it.sentence())
                                    .startsWith("others may write " + store.base() + " (rwxrwxrwx)")
                                    .contains("swarm/default (rwxrwxrwx)", "n1.yaml (rw-rw-rw-)");
                            assertThat(it.cure()).isEqualTo("chmod -R go-w " + store.base());
                        });
    }

    @Test
    void notesWhatIsNotOursAndJudgesItNot() throws Exception {
        Path theirs = store.machine("theirs");
        Files.createDirectories(theirs);
        Files.writeString(theirs.resolve("id_rsa"), "-----BEGIN RSA PRIVATE KEY-----");
        open(theirs.resolve("id_rsa"), "rw-rw-rw-");
        open(theirs, "rwxrwxrwx");
        open(store.base(), "rwxr-xr-x");
        open(store.members("default"), "rwxrwxrwx");

        assertThat(found(NOW))
                .extracting(Finding::level, Finding::cure)
                .containsExactly(
                        tuple(
                                Finding.Level.NOTE,
                                "give machine a folder of its own: MACHINE_STORAGE_PATH"),
                        tuple(Finding.Level.ERROR, "chmod go-w " + store.members("default")));
    }

    @Test
    void nothingOfAStoreOfDockerMachineIsOursToMend() throws Exception {
        Path theirs = store.machine("theirs");
        Files.createDirectories(theirs);
        Files.writeString(theirs.resolve("config.json"), "{}");
        Files.delete(store.certs().resolve("cert.pem"));
        Files.delete(store.certs().resolve("key.pem"));
        open(store.certs().resolve("ca-key.pem"), "rw-r--r--");

        assertThat(new StoreExamination(store, NOW).whole())
                .extracting(Finding::level, Finding::check)
                .containsExactly(tuple(Finding.Level.NOTE, "foreign"));
    }

    @Test
    void findsMemberFilesWithoutMachinesAndMachinesWithoutMemberFiles() throws Exception {
        Files.move(store.memberFile("default", "n1"), store.memberFile("default", "somebody"));

        assertThat(found(NOW))
                .extracting(Finding::sentence)
                .containsExactlyInAnyOrder(
                        "the member file "
                                + store.memberFile("default", "somebody")
                                + " belongs to no machine",
                        "no endpoint knows it: its member file "
                                + store.memberFile("default", "n1")
                                + " is missing");
    }

    @Test
    void warnsOfCertificatesThatEndAndOfThoseOfAnotherCa() throws Exception {
        List<Finding> soon = found(NOW.plus(Duration.ofDays(800).minusHours(1)));
        assertThat(soon).hasSize(1);
        assertThat(soon.getFirst().level()).isEqualTo(Finding.Level.WARNING);
        assertThat(soon.getFirst().sentence()).startsWith("your own certificate ends in 24 days");
        assertThat(found(NOW.plus(Duration.ofDays(3700))))
                .extracting(Finding::sentence)
                .anyMatch(it -> it.startsWith("the CA's certificate expired at "))
                .anyMatch(it -> it.startsWith("your own certificate expired at "));

        Store other = new Store(folder.resolve("other"));
        new Authority(other, Clock.systemUTC()).ensure();
        Files.writeString(
                store.certs().resolve("cert.pem"),
                Files.readString(other.certs().resolve("cert.pem")));
        assertThat(found(NOW))
                .singleElement()
                .extracting(Finding::sentence)
                .asString()
                .startsWith("your own certificate was issued by another CA");
    }

    private List<Finding> found(Instant now) {
        StoreExamination look = new StoreExamination(store, now);
        List<Finding> all = new ArrayList<>(look.whole());
        store.machines().forEach(it -> all.addAll(look.of(it)));
        return all;
    }

    private static void open(Path file, String mode) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static MachineRecord machine(String name, Phase phase) {
        return MachineRecord.begun(
                        name,
                        "generic",
                        new DriverState(Map.of()),
                        EngineSettings.defaults(),
                        SwarmSettings.defaultMember())
                .withPhase(phase)
                .withUrl("tcp://10.0.0.1:2376")
                .withSsh(
                        new SshAccess("10.0.0.1", 22, "root", Optional.empty(), Optional.empty()),
                        List.of());
    }
}
