package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was done to a node can be changed, looked through, and undone. */
@Tag("lab")
class UndoTest {
    private static final String BARE = "undo-bare";
    private static final String BARE_ADDRESS = "10.34.0.11";
    private static final String ADOPTED = "undo-adopted";
    private static final String ADOPTED_ADDRESS = "10.34.0.12";

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(BARE, BARE_ADDRESS, "--bare").and(ADOPTED, ADOPTED_ADDRESS, "--engine");

    /** As a person would have written it, and not as we would. */
    private static final String OWN_CONFIGURATION =
            "{ \"labels\" : [\"mine=1\"],\n\n\t\"log-driver\":\"json-file\", \"registry-mirrors\":[\"%s\"]}";

    private static Machine machine;

    @BeforeAll
    static void aUser() {
        machine = Machine.mirrored();
    }

    @AfterAll
    static void away() {
        machine.close();
    }

    @Test
    void aBareNodeIsAsItWasAndNothingOfTheUsersIsLost() {
        OnNode node = new OnNode(BARE);
        Disk before = Disk.of(node);
        machine.create(BARE, BARE_ADDRESS).ok();
        machine.docker(BARE, "run -d --name web debian sleep 100000").ok();
        machine.docker(BARE, "volume create data").ok();

        Output refused = machine.run("rm", "-y", "--purge", BARE);
        assertThat(refused.exits(1).err())
                .contains("container web", "volume data", "would be lost", "nothing was changed");
        assertThat(Record.phase(machine, BARE)).isEqualTo("READY");
        machine.docker(BARE, "rm -f web").ok();
        machine.docker(BARE, "volume rm data").ok();

        try (Running killed =
                machine.with("MACHINE_TEST_STOP", "remove-packages:applied")
                        .start("rm", "-y", "--purge", BARE)) {
            Stops.awaitStop(killed);
        }
        assertThat(node.sh("command -v dockerd || true")).isEmpty();
        assertThat(Record.phase(machine, BARE)).isEqualTo("REMOVING");
        machine.run("rm", "-y", "--purge", BARE).ok();

        assertThat(Disk.of(node).lines()).isEqualTo(before.lines());
        assertThat(machine.run("ls", "-q").ok()).doesNotContain(BARE);
    }

    @Test
    void anAdoptedEngineIsChangedLookedThroughAndGivenBackWithItsContainersRunning() {
        OnNode node = new OnNode(ADOPTED);
        node.sh(
                "cat >/etc/docker/daemon.json <<'END'\n"
                        + OWN_CONFIGURATION.formatted(Lab.value("LAB_MIRROR"))
                        + "\nEND\nchmod 640 /etc/docker/daemon.json; echo old >/etc/docker/ca.pem;"
                        + " systemctl disable docker.service; systemctl restart docker.service;"
                        + " docker run -d --name stays debian sleep 100000");
        String container = node.container("stays");
        Disk before = Disk.of(node);
        machine.create(ADOPTED, ADOPTED_ADDRESS).ok();

        aRefusedRecordActsOnNothing(node, container);
        aStoreOfDockerMachineStaysAsItIs(node, container);
        changesALabel(node, container);
        findsWhatIsWrong(node);
        machine.run("rm", "-y", "--purge", ADOPTED).ok();

        assertThat(node.container("stays")).isEqualTo(container).startsWith("true ");
        assertThat(node.sh("docker info -f '{{.LiveRestoreEnabled}} {{.Labels}}'"))
                .isEqualTo("false [mine=1]");
        assertThat(Disk.of(node).lines()).isEqualTo(before.lines());
    }

    /** A second record at the address of a machine, and a record whose node is another one now. */
    private static void aRefusedRecordActsOnNothing(OnNode node, String container) {
        String files = node.managedFiles();
        assertThat(machine.create("again", ADOPTED_ADDRESS).exits(3).err())
                .contains("it is machine \"" + ADOPTED + "\" already");
        assertThat(machine.run("ls", "--format", "{{.Name}}:{{.State}}").ok())
                .contains("again:\n", ADOPTED + ":Running");
        assertThat(machine.run("doctor", ADOPTED).exits(0).out()).doesNotContain("again");
        assertThat(machine.run("restart", "again").exits(1).err()).contains("has no node");
        assertThat(machine.run("rm", "--purge", "-y", "again").exits(0).err())
                .contains("no node was ever provisioned for it at " + ADOPTED_ADDRESS);

        // As after DHCP gave the address of a board that is away to the one that is there.
        machine.shell(
                        "cd %s/machines; cp -a %s moved; sed -i -e 's/\"name\" : \"%s\"/\"name\" : \"moved\"/'"
                                        .formatted(machine.store(), ADOPTED, ADOPTED)
                                + " -e 's/\"machineId\" : \".*\"/\"machineId\" : \"0123456789abcdef0123456789abcdef\"/'"
                                + " -e 's/\"engineId\" : \".*\"/\"engineId\" : \"A:B\"/' moved/machine.json")
                .ok();
        String whose = "is machine \"" + ADOPTED + "\", not \"moved\"";
        assertThat(machine.run("rm", "--purge", "-y", "moved").exits(1).err()).contains(whose);
        assertThat(machine.run("restart", "moved").exits(1).err()).contains(whose);
        assertThat(machine.run("doctor", "moved").exits(1).out()).contains(whose);
        assertThat(machine.run("ls", "--format", "{{.Name}}:{{.State}}").ok())
                .contains("moved:Error");
        machine.run("rm", "-y", "moved").ok();

        assertThat(node.managedFiles()).isEqualTo(files);
        assertThat(node.container("stays")).isEqualTo(container).startsWith("true ");
        machine.docker(ADOPTED, "version").ok();
    }

    /** As docker-machine 0.16 leaves it: its record and key, and a CA whose key is PKCS#1. */
    private static void aStoreOfDockerMachineStaysAsItIs(OnNode node, String container) {
        try (Machine other = new Machine()) {
            other.shell(
                            """
                            mkdir -p %1$s/machines/n1 %1$s/certs; cd %1$s
                            echo '{"ConfigVersion":3}' >machines/n1/config.json; echo key >machines/n1/id_rsa
                            openssl req -x509 -newkey rsa:2048 -nodes -subj /O=me -days 9 -keyout certs/key -out certs/ca.pem 2>/dev/null
                            openssl rsa -traditional -in certs/key -out certs/ca-key.pem 2>/dev/null; rm certs/key
                            """
                                    .formatted(other.store()))
                    .ok();
            String files = node.managedFiles();
            String before = tree(other);

            for (String name : List.of("n1", "n2")) {
                assertThat(other.create(name, ADOPTED_ADDRESS).exits(3).err())
                        .contains("is a store of docker-machine, which has n1 there");
                assertThat(
                                other.run(
                                                "create",
                                                "-d",
                                                "none",
                                                "--url",
                                                "tcp://127.0.0.1:9",
                                                name)
                                        .exits(3)
                                        .err())
                        .contains("MACHINE_STORAGE_PATH");
            }
            Output rows = other.run("ls").exits(0);
            assertThat(rows.out().lines()).hasSize(1);
            assertThat(rows.err().lines())
                    .singleElement()
                    .asString()
                    .contains("machine did not make it");
            assertThat(other.run("rm", "-y", "n1").exits(5).err()).contains("is left alone");
            other.run("rm", "-f", "n1").ok();
            assertThat(tree(other)).isEqualTo(before);

            other.shell("rm -r %s/machines".formatted(other.store())).ok();
            before = tree(other);
            assertThat(other.create("n1", ADOPTED_ADDRESS).exits(3).err())
                    .contains("ca-key.pem contains no PKCS#8 private key");
            assertThat(tree(other)).isEqualTo(before);
            assertThat(node.managedFiles()).isEqualTo(files);
            assertThat(node.container("stays")).isEqualTo(container);
        }
    }

    private static String tree(Machine user) {
        return user.shell(
                        "cd %s; find . | sort; find . -type f | sort | xargs sha256sum"
                                .formatted(user.store()))
                .ok();
    }

    private static void changesALabel(OnNode node, String container) {
        String[] change = {
            "provision",
            "--engine-label",
            "site=attic",
            "--engine-opt",
            "max-concurrent-uploads=2",
            ADOPTED
        };
        List<String> dry = new ArrayList<>(List.of(change));
        dry.add("--dry-run");
        String files = node.managedFiles();
        assertThat(
                        machine.run(dry.toArray(String[]::new)).ok()
                                + machine.run(dry.toArray(String[]::new)).err())
                .contains("labels (+site=attic)", "max-concurrent-uploads (+2)");
        assertThat(node.managedFiles()).isEqualTo(files);

        machine.run(change).ok();
        assertThat(machine.docker(ADOPTED, "info -f '{{.Labels}}'").ok()).contains("site=attic");
        assertThat(node.container("stays")).isEqualTo(container);
        long engine = node.engine();
        assertThat(machine.run(change).exits(0).err()).contains("(0 changes)");
        assertThat(node.engine()).isEqualTo(engine);

        machine.run("provision", "--engine-label", "site-", ADOPTED).ok();
        assertThat(machine.docker(ADOPTED, "info -f '{{.Labels}}'").ok())
                .doesNotContain("site")
                .contains("mine=1", "architecture=amd64");
        assertThat(node.container("stays")).isEqualTo(container);
    }

    /** Everything at once, so that no fault hides another. */
    private static void findsWhatIsWrong(OnNode node) {
        String files = node.managedFiles();
        assertThat(machine.run("doctor", ADOPTED).exits(0).out())
                .doesNotContain("error", "warning");
        assertThat(node.managedFiles()).isEqualTo(files);
        node.sh(
                """
                mkdir /root/save; cp -p /etc/docker/daemon.json /etc/docker/server-key.pem /root/save/
                sed -i 's/"live-restore" : true/"live-restore" : false/' /etc/docker/daemon.json; kill -HUP $(pidof dockerd); sleep 1
                cp -p /root/save/daemon.json /etc/docker/; sed -i 's/architecture=amd64/architecture=arm/' /etc/docker/daemon.json
                chmod 644 /etc/docker/server-key.pem; chmod 666 /etc/docker/daemon.json
                awk '{ if ($1 == "memory") $4 = 0; print }' OFS='\\t' /proc/cgroups >/run/cgroups; mount --bind /run/cgroups /proc/cgroups
                printf '#!/bin/sh\\ncase $1 in +%%s) echo $(($(/bin/date +%%s) + 95)) ;; *) exec /bin/date "$@" ;; esac\\n' >/usr/local/sbin/date
                chmod 755 /usr/local/sbin/date
                iptables -I OUTPUT -p tcp --dport 5000 -j REJECT
                setsid perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 2375, Listen => 1); sleep 60' >/dev/null 2>&1 </dev/null & echo $! >/run/plain
                """);
        try {
            Output ill = machine.run("doctor", "-o", "json", ADOPTED);
            List<String> checks = new ArrayList<>();
            for (JsonNode finding : new ObjectMapper().readTree(ill.exits(1).out())) {
                checks.add(finding.path("check").asText());
            }
            assertThat(checks)
                    .as(ill.out())
                    .contains(
                            "key",
                            "configure-engine",
                            "live-restore",
                            "mirror",
                            "permissions",
                            "port")
                    .filteredOn("node"::equals)
                    .as("clock and memory cgroup")
                    .hasSizeGreaterThanOrEqualTo(1);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        } finally {
            node.sh(
                    "kill $(cat /run/plain); iptables -D OUTPUT -p tcp --dport 5000 -j REJECT; rm -f /usr/local/sbin/date /run/plain;"
                            + " umount /proc/cgroups; rm -f /run/cgroups; cp -p /root/save/* /etc/docker/; rm -r /root/save;"
                            + " systemctl reload docker.service; sleep 1");
        }
        assertThat(machine.run("doctor", ADOPTED).exits(0).out())
                .doesNotContain("error", "warning");
    }
}
