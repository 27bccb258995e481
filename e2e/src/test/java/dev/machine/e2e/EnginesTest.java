package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What package tools and owners do to engines: one bare node on which every fault of apt happens
 * before Docker's packages come, and one whose engine was set up by hand. Each fault prints a line.
 */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EnginesTest {
    private static final String BARE = "engines-bare";
    private static final String BARE_ADDRESS = "10.31.1.11";
    private static final String OWNED = "engines-owned";
    private static final String OWNED_ADDRESS = "10.31.1.12";
    private static final String SOURCES = "/etc/apt/sources.list";

    /** Holds a lock as dpkg does, for so many seconds. */
    private static final String HOLD =
            """
            cat >/root/upgrade.pl <<'END'
            use Fcntl; open(my $file, "+>>", $ARGV[0]) or die; my $lock = pack("ssx4qqlx4", F_WRLCK, 0, 0, 0, 0);
            fcntl($file, F_SETLK, $lock) or die; print "held\\n"; close STDOUT; sleep $ARGV[1];
            END
            setsid perl /root/upgrade.pl %s %d >/root/held 2>&1 </dev/null & echo $! >/root/holder
            for try in $(seq 50); do grep -q . /root/held && break; sleep 0.1; done; cat /root/held
            """;

    @RegisterExtension
    static final Nodes NODES = Nodes.of(BARE, BARE_ADDRESS).and(OWNED, OWNED_ADDRESS, "--engine");

    private static final Machine USER = new Machine();
    private static final OnNode NODE = new OnNode(BARE);
    private static String docker;
    private static String key;

    @BeforeAll
    static void repository() {
        USER.configure("");
        docker = Lab.dockerRepository();
        key = USER.home().resolve("lab.asc").toString();
        USER.shell("curl -s %s/gpg >%s".formatted(docker, key)).ok();
    }

    @AfterAll
    static void away() {
        USER.close();
    }

    private static Output create(Machine user, String... more) {
        return user.create(BARE, BARE_ADDRESS, more);
    }

    /** Runs what fails, and prints how. */
    private static Output fault(String name, int exit, Machine user, String... more) {
        String before = NODE.digest();
        Output said = create(user, more).exits(exit);
        List<String> sentence = said.err().lines().toList();
        System.out.printf(
                "fault: | %s | exit %d | %s | files %s, then %s |%n",
                name, exit, sentence.get(sentence.size() - 2), before, NODE.digest());
        return said;
    }

    @Test
    @Order(1)
    void refusesWhatNoRepositoryHasBeforeAnythingIsChanged() {
        // Somebody else's source that is dead is none of our affair, whatever lists there are.
        NODE.sh(
                "echo 'deb http://10.99.0.1:8099/third ./' >/etc/apt/sources.list.d/third.list; rm -rf /var/lib/apt/lists/*_*");
        create(USER, "--dry-run", "--engine-version", "20.10.24").exits(0);
        String before = NODE.digest();
        assertThat(fault("unknown version", 3, USER, "--engine-version", "19.03.1").err())
                .contains("there is no docker.io 19.03.1; there is 20.10.24+dfsg1");
        assertThat(
                        fault(
                                        "foreign key",
                                        3,
                                        USER,
                                        "--engine-install=docker",
                                        "--engine-install-url=" + docker)
                                .err())
                .contains(docker + " is not signed by a key the node trusts");
        assertThat(
                        fault(
                                        "no such repository",
                                        3,
                                        USER,
                                        "--engine-install=docker",
                                        "--engine-install-url=" + docker + "/none")
                                .err())
                .contains("has no package docker-ce for bookworm on amd64");
        assertThat(NODE.digest()).isEqualTo(before);
        NODE.sh("rm /etc/apt/sources.list.d/third.list");
    }

    @Test
    @Order(2)
    void namesTheHolderOfALockThatIsNeverFree() {
        assertThat(NODE.sh(HOLD.formatted("/var/cache/apt/archives/lock", 600))).isEqualTo("held");
        Output said = fault("package lock never free", 1, USER.with("MACHINE_LOCK_WAIT", "2"));
        assertThat(said.err())
                .contains(
                        "install engine: waiting for /var/cache/apt/archives/lock, held by perl /root/upgrade.pl",
                        "was not free within 2 s: /var/cache/apt/archives/lock, held by perl");
        NODE.sh("kill $(cat /root/holder)");
    }

    @Test
    @Order(3)
    void namesTheMirrorThatIsDown() {
        NODE.sh(
                "cp %1$s /root/sources; sed -i s/:8088/:8099/ %1$s; rm -rf /var/lib/apt/lists/*_*"
                        .formatted(SOURCES));
        assertThat(fault("mirror down", 3, USER).err())
                .contains("the package mirror http://10.99.0.1:8099 did not give InRelease");
        NODE.sh("cp /root/sources " + SOURCES);
    }

    @Test
    @Order(4)
    void namesTheFullDisk() {
        NODE.sh("mount -t tmpfs -o size=1m full /var/cache/apt/archives");
        assertThat(fault("disk full", 1, USER).err()).contains("the node's disk is full");
        NODE.sh("umount /var/cache/apt/archives");
    }

    /**
     * dpkg is killed while it unpacks, and the lock is held when the next run comes: all of it is
     * got over in one run.
     */
    @Test
    @Order(5)
    void mendsWhatIsHalfInstalledAndTakesDockersPackages() {
        NODE.sh(
                """
                cat >/root/killer <<'END'
                #!/bin/sh
                while read -r line; do case $line in *containerd.io*half-installed*) rm -f /etc/dpkg/dpkg.cfg.d/killer; kill -9 $(pidof dpkg) ;; esac; done
                END
                chmod 755 /root/killer; echo status-logger=/root/killer >/etc/dpkg/dpkg.cfg.d/killer
                """);
        assertThat(NODE.sh(HOLD.formatted("/var/lib/dpkg/lock-frontend", 10))).isEqualTo("held");
        Output made =
                create(
                        USER,
                        "--engine-install=docker",
                        "--engine-install-url=" + docker,
                        "--engine-install-key=" + key,
                        "--engine-version=20.10.24");
        assertThat(made.exits(0).err())
                .contains("waiting for /var/lib/dpkg/lock-frontend, held by perl");
        assertThat(NODE.sh("dpkg --audit; dpkg-query -W -f '${Version}' docker-ce"))
                .isEqualTo("5:20.10.24-1~debian.12~bookworm");
        System.out.println(
                "fault: | dpkg killed while unpacking, lock held 10 s | exit 0 | mended in the same run |");
        assertThat(USER.run("provision", BARE).exits(0).err()).contains("(0 changes)");
    }

    @Test
    @Order(6)
    void aContainerLivesThroughAnUpgradeAndAChangeOfLabels() {
        USER.docker(BARE, "run -d --name keep debian sleep 100000").ok();
        String container = NODE.container("keep");
        long engine = NODE.engine();

        USER.run("provision", BARE, "--engine-label", "rack=7").ok();
        assertThat(NODE.engine()).as("taken by SIGHUP").isEqualTo(engine);
        assertThat(USER.docker(BARE, "info -f '{{json .Labels}}'").ok()).contains("rack=7");

        String record = USER.run("inspect", BARE).ok();
        String files = NODE.digest();
        NODE.sh("apt-mark hold docker-ce");
        assertThat(USER.run("provision", BARE, "--engine-version", "20.10.25").exits(3).err())
                .contains(
                        "change docker-ce, which is held at 5:20.10.24-1~debian.12~bookworm",
                        "sudo apt-mark unhold docker-ce");
        assertThat(NODE.digest()).as("refused, so nothing").isEqualTo(files);
        assertThat(USER.run("inspect", BARE).ok()).isEqualTo(record);
        NODE.sh("apt-mark unhold docker-ce");

        USER.run("provision", BARE, "--engine-version", "20.10.25").ok();
        assertThat(NODE.sh("dpkg-query -W -f '${Version}' docker-ce"))
                .isEqualTo("5:20.10.25-1~debian.12~bookworm");
        assertThat(NODE.engine()).isNotEqualTo(engine);
        assertThat(NODE.container("keep")).isEqualTo(container);

        record = USER.run("inspect", BARE).ok();
        assertThat(USER.run("provision", BARE, "--engine-version", "19.03.1").exits(3).err())
                .contains("there is no docker-ce 19.03.1");
        assertThat(USER.run("inspect", BARE).ok()).as("refused, so nothing").isEqualTo(record);
        assertThat(USER.run("provision", BARE).exits(0).err()).contains("(0 changes)");
    }

    @Test
    @Order(7)
    void takesOverWhatTheOwnerOfAnEngineHadSetUp() {
        OnNode node = new OnNode(OWNED);
        String registry = Lab.value("LAB_GATEWAY") + ":5000";
        node.sh(
                "echo 'DOCKER_OPTS=\"--label rack=left --insecure-registry %s --log-level warn\"' >>/etc/default/docker; systemctl restart docker; docker run -d --name keep %s/library/debian sleep 100000"
                        .formatted(registry, registry));
        String container = node.container("keep");

        Output refused = USER.create(OWNED, OWNED_ADDRESS, "--engine-version", "1.2");
        assertThat(refused.exits(3).err()).contains("there is no docker.io 1.2; there is 20.10");
        USER.create(OWNED, OWNED_ADDRESS).ok();

        assertThat(node.container("keep")).isEqualTo(container);
        JsonNode config = Record.parse(node.sh("cat /etc/docker/daemon.json"));
        assertThat(config.path("log-level").asText()).isEqualTo("warn");
        assertThat(config.path("insecure-registries").toString()).contains(registry);
        assertThat(USER.docker(OWNED, "info -f '{{json .Labels}}'").ok()).contains("rack=left");
        assertThat(node.sh("grep ^DOCKER_OPTS /etc/default/docker")).isEqualTo("DOCKER_OPTS=\"\"");
        assertThat(USER.run("provision", OWNED).exits(0).err()).contains("(0 changes)");
    }
}
