package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a user's own computer does to the store: many at once, broken files, a full disk, Ctrl-C.
 */
@Tag("lab")
class StoreFaultsTest {
    private static final String NODE = "fault-store";
    private static final String ADDRESS = "192.168.22.1";

    @RegisterExtension static final Nodes NODES = Nodes.of(NODE, ADDRESS, "--engine");

    /** A store for each case: what one left behind must not fail the next. */
    @AutoClose private final Machine user = new Machine();

    @Test
    void letsOneOfTwentyCreateANameAndHarmsNothing() {
        List<Running> all = new ArrayList<>();
        List<Output> ends = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                all.add(user.start(create("crowd")));
            }
            all.forEach(one -> ends.add(one.await(Machine.DEADLINE)));
        } finally {
            all.forEach(Running::close);
        }

        assertThat(ends).filteredOn(end -> end.status() == 0).hasSize(1);
        assertThat(ends)
                .filteredOn(end -> end.status() != 0)
                .allSatisfy(
                        end ->
                                assertThat(end.exits(1).err())
                                        .containsAnyOf(
                                                "crowd is in use by process ",
                                                "machine \"crowd\" already exists")
                                        .doesNotContain("Exception", "\tat "));
        assertThat(FaultNode.changes(user.run("provision", "crowd"))).isZero();
        assertThat(user.docker("crowd", "info -f '{{.ServerVersion}}'").ok()).isNotEmpty();
        user.run("rm", "-y", "crowd").ok();
    }

    @Test
    @Tag("quick")
    void leavesARecordThatItCannotReadAsItIs() throws IOException {
        try (Machine other = new Machine()) {
            for (String name : List.of("sound", "broken")) {
                other.run("create", "-d", "none", "--url", "tcp://127.0.0.1:9", name).ok();
            }
            Path file = other.store().resolve("machines/broken/machine.json");
            String whole = Files.readString(file);
            Map<String, String> reasons =
                    Map.of(
                            "",
                            "it is empty",
                            whole.substring(0, whole.length() / 2),
                            "it is not JSON",
                            whole.replace("\"schema\" : 1", "\"schema\" : 99"),
                            "written by a newer machine (schema 99",
                            whole.replace("\"READY\"", "\"PERHAPS\""),
                            "is damaged");
            for (Map.Entry<String, String> reason : reasons.entrySet()) {
                Files.writeString(file, reason.getKey());
                assertLeavesAlone(other, file, reason.getValue());
            }
            assertThat(reasons).doesNotContainKey(whole);
            other.run("rm", "-y", "-f", "broken").ok();
            assertThat(other.run("ls", "-q").ok()).isEqualTo("sound");
        }
    }

    private static void assertLeavesAlone(Machine user, Path file, String reason)
            throws IOException {
        byte[] before = Files.readAllBytes(file);
        String rows = user.run("ls", "--cached").ok();
        assertThat(rows.lines().filter(row -> row.startsWith("sound "))).hasSize(1);
        assertThat(rows.lines().filter(row -> row.startsWith("broken ")))
                .singleElement()
                .asString()
                .contains(reason);
        for (List<String> command :
                List.of(
                        List.of("config", "broken"),
                        List.of("url", "broken"),
                        List.of("inspect", "broken"),
                        List.of("status", "broken"),
                        List.of("start", "broken"),
                        List.of("provision", "broken"),
                        List.of("rm", "-y", "broken"),
                        List.of("create", "-d", "none", "--url", "tcp://127.0.0.1:9", "broken"))) {
            Output refused = user.run(command.toArray(String[]::new)).exits(1);
            assertThat(refused.out()).as(refused::toString).isEmpty();
            assertThat(refused.err())
                    .as(refused::toString)
                    .contains(file.toString(), reason)
                    .doesNotContain("Exception", "\tat ");
            assertThat(refused.err().lines().count()).as(refused::toString).isLessThanOrEqualTo(2);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(hiddenFiles(user)).isEmpty();
    }

    @Test
    void refusesAChangedHostKeyBeforeItAuthenticates() {
        user.run(create("keys")).ok();
        OnNode node = new OnNode(NODE);
        Path knownHosts = user.store().resolve("known_hosts");
        String pinned = read(knownHosts);
        node.sh(
                "mkdir /root/keys; cp -p /etc/ssh/ssh_host_* /root/keys; rm /etc/ssh/ssh_host_*; ssh-keygen -A; systemctl restart ssh");
        try {
            String before = authentications(node);

            Output refused = user.run("provision", "keys").exits(7);

            assertThat(refused.err())
                    .containsIgnoringCase("host key")
                    .doesNotContain("Exception", "\tat ");
            // OpenSSH runs here, and this is its own code for what it refuses.
            assertThat(user.run("ssh", "keys", "true").status()).isEqualTo(255);
            assertThat(authentications(node)).isEqualTo(before);
            assertThat(read(knownHosts)).isEqualTo(pinned);
        } finally {
            node.sh(
                    "rm /etc/ssh/ssh_host_*; mv /root/keys/* /etc/ssh; rmdir /root/keys; systemctl restart ssh");
        }
        assertThat(FaultNode.changes(user.run("provision", "keys"))).isZero();
        user.run("rm", "-y", "keys").ok();
    }

    /** All logins that were tried: sshd tells of each, good or bad. */
    private static String authentications(OnNode node) {
        return node.sh(
                "journalctl -q --no-pager -t sshd | grep -cE 'Accepted|Failed|Invalid user' || true");
    }

    @Test
    void saysThatTheDiskIsFullAndWritesNoHalves() throws IOException {
        try (Machine other = new Machine()) {
            Files.createDirectories(other.store());
            host("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", other.store().toString());
            try {
                Path ballast = other.store().resolve("ballast");
                fill(ballast);
                Output refused = other.run(create("full")).exits(1);
                assertThat(refused.err())
                        .contains("No space left on device")
                        .doesNotContain("Exception", "\tat ");
                assertThat(hiddenFiles(other)).isEmpty();
                Files.delete(ballast);

                fillsUpInTheMiddle(other, ballast);

                other.run("create", "-d", "none", "--url", "tcp://127.0.0.1:9", "other").ok();
                other.run("rm", "-y", "full").ok();
            } finally {
                host("umount", other.store().toString());
            }
        }
    }

    private static void fillsUpInTheMiddle(Machine user, Path ballast) throws IOException {
        try (Running running =
                user.with("MACHINE_TEST_STOP", "run-engine:applied").start(create("full"))) {
            Stops.awaitStop(running);
            fill(ballast);
            running.signal("CONT");
            Output refused = running.await(Machine.DEADLINE).exits(1);
            assertThat(refused.err())
                    .contains("No space left on device")
                    .doesNotContain("Exception", "\tat ");
        }
        assertThat(Record.phase(user, "full")).isEqualTo("CREATING");
        assertThat(hiddenFiles(user)).isEmpty();
        Files.delete(ballast);
        user.run(create("full")).ok();
        assertThat(FaultNode.changes(user.run("provision", "full"))).isZero();
    }

    @Test
    void endsWith130OnCtrlCAndGoesOnFromThere() {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "env",
                                "--default-signal=INT",
                                Lab.ROOT.resolve("machine").toString()));
        command.addAll(List.of(create("stopped")));
        try (Running running =
                user.with("MACHINE_TEST_STOP", "configure-engine:planned").startInHub(command)) {
            Stops.awaitStop(running);
            running.signal("INT");
            running.signal("CONT");
            assertThat(running.await(Machine.DEADLINE).exits(130).err())
                    .doesNotContain("Exception", "\tat ");
        }

        user.run(create("stopped")).ok();
        assertThat(FaultNode.changes(user.run("provision", "stopped"))).isZero();
        user.run("rm", "-y", "stopped").ok();
    }

    private static String[] create(String name) {
        return new String[] {
            "create",
            "-d",
            "generic",
            "--generic-ip-address",
            ADDRESS,
            "--generic-ssh-key",
            Lab.value("LAB_KEY"),
            name
        };
    }

    /** Files that an interrupted write would have left; lock files stay for ever. */
    private static List<Path> hiddenFiles(Machine user) throws IOException {
        try (Stream<Path> files = Files.walk(user.store())) {
            return files.filter(file -> !file.getParent().endsWith("locks"))
                    .filter(file -> file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    private static void fill(Path ballast) {
        try (Running dd =
                Running.start(
                        List.of("dd", "if=/dev/zero", "of=" + ballast, "bs=4096"),
                        Lab.ROOT,
                        Map.of("PATH", "/usr/bin:/bin"),
                        new byte[0])) {
            // dd goes on until there is no room.
            dd.await(Machine.DEADLINE).exits(1);
        }
    }

    private static void host(String... command) {
        try (Running running =
                Running.start(
                        List.of(command),
                        Lab.ROOT,
                        Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                        new byte[0])) {
            running.await(Machine.DEADLINE).ok();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }
}
