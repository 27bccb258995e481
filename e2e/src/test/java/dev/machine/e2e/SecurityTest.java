package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may talk to a node's engine, where it listens, and what lies on its disk. */
@Tag("lab")
@Tag("quick")
class SecurityTest {
    private static final String NODE = "safe-node";
    private static final String ADDRESS = "10.33.0.11";

    @RegisterExtension static final Nodes NODES = Nodes.of(NODE, ADDRESS, "--engine");

    private static Machine machine;
    private static OnNode node;

    @BeforeAll
    static void aNode() {
        machine = Machine.mirrored();
        machine.create(NODE, ADDRESS).ok();
        node = new OnNode(NODE);
    }

    @AfterAll
    static void away() {
        machine.close();
    }

    @Test
    void listensForTlsOnTheNodesAddressAndLoopbackOnly() {
        assertThat(
                        node.sh("ss -Hltn | awk '{ print $4 }' | grep -E ':(2375|2376)$' | sort")
                                .lines())
                .containsExactly(ADDRESS + ":2376", "127.0.0.1:2376");
        assertThat(machine.shell("curl -sS -m 5 http://" + ADDRESS + ":2375/_ping").exits(7).err())
                .contains("onnect");
    }

    @Test
    void refusesPlainTcp() {
        Output plain = machine.shell("curl -sS -m 5 http://" + ADDRESS + ":2376/_ping");
        assertThat(plain.out()).doesNotContain("OK").contains("HTTP request to an HTTPS server");
        assertThat(machine.shell("docker -H tcp://" + ADDRESS + ":2376 info").all())
                .doesNotContain("provider=");
    }

    @Test
    void refusesAClientWithoutOurCertificate() {
        assertThat(ping("").status()).as("no certificate").isNotZero();
        machine.shell(
                        "cd $MACHINE_STORAGE_PATH && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                                + " -days 2 -subj /CN=stranger -keyout stranger-key.pem -out stranger.pem")
                .ok();
        assertThat(ping("--cert stranger.pem --key stranger-key.pem").status())
                .as("a stranger's")
                .isNotZero();
        assertThat(ping("--cert certs/cert.pem --key certs/key.pem").ok())
                .as("ours")
                .isEqualTo("OK");
    }

    @Test
    void letsNoStolenServerKeyOpenAnEngine() {
        machine.file("stolen.pem", node.sh("cat /etc/docker/server.pem") + "\n");
        machine.file("stolen-key.pem", node.sh("cat /etc/docker/server-key.pem") + "\n");
        assertThat(ping("--cert stolen.pem --key stolen-key.pem").status()).isNotZero();
    }

    private static Output ping(String credentials) {
        return machine.shell(
                "cd $MACHINE_STORAGE_PATH && curl -sSf -m 5 --cacert certs/ca.pem "
                        + credentials
                        + " https://"
                        + ADDRESS
                        + ":2376/_ping");
    }

    @Test
    void keepsKeysForRootAndTheAuthorityAtHome() {
        assertThat(node.sh("stat -c '%a %U:%G' /etc/docker/server-key.pem"))
                .isEqualTo("400 root:root");
        assertThat(
                        machine.shell(
                                        "cd $MACHINE_STORAGE_PATH; find certs machines -name '*key*.pem' -perm /077")
                                .ok())
                .isEmpty();
        assertThat(
                        machine.shell(
                                        "cd $MACHINE_STORAGE_PATH; stat -c %a certs machines machines/"
                                                + NODE)
                                .ok()
                                .lines())
                .containsOnly("700");
        // Any line of a key is enough to recognise it by.
        String authority = machine.shell("sed -n 2p $MACHINE_STORAGE_PATH/certs/ca-key.pem").ok();
        assertThat(authority).hasSizeGreaterThan(40);
        assertThat(
                        Lab.node(
                                        NODE,
                                        "cat >/dev/shm/needle; grep -rlFf /dev/shm/needle /etc /root /home /tmp /run /var/log;"
                                                + " rm /dev/shm/needle",
                                        authority)
                                .out())
                .isEmpty();
    }

    /**
     * Who owns and may change what an engine is told by: CIS Docker Benchmark 1.6, section 3, and
     * 2.7 (it trusts a CA, has a certificate and asks for the client's).
     */
    @Test
    void keepsTheRulesOfCisForFilesAndTls() {
        String units = "$(systemctl show -p FragmentPath --value %s)";
        assertModes(
                units.formatted("docker.service"),
                "root:root",
                "644",
                units.formatted("docker.socket"),
                "root:root",
                "644",
                "/etc/docker",
                "root:root",
                "755",
                "/etc/docker/ca.pem",
                "root:root",
                "444",
                "/etc/docker/server.pem",
                "root:root",
                "444",
                "/etc/docker/server-key.pem",
                "root:root",
                "400",
                "/etc/docker/daemon.json",
                "root:root",
                "644",
                "/etc/default/docker",
                "root:root",
                "644",
                "/var/run/docker.sock",
                "root:docker",
                "660",
                "/run/containerd/containerd.sock",
                "root:root",
                "660");
        assertThat(
                        node.sh(
                                "tr '\\0' ' ' </proc/$(pidof dockerd)/cmdline; tr -d ' \\n' </etc/docker/daemon.json"))
                .doesNotContain("-H tcp", "--tls=false", "--tlsverify=false")
                .contains(
                        "\"tlsverify\":true",
                        "\"tlscacert\":\"/etc/docker/ca.pem\"",
                        "\"tlscert\":\"/etc/docker/server.pem\"",
                        "\"tlskey\":\"/etc/docker/server-key.pem\"");
    }

    /** Path, owner and the most that the mode may allow, three words a rule. */
    private static void assertModes(String... rules) {
        for (int i = 0; i < rules.length; i += 3) {
            String[] found = node.sh("stat -Lc '%U:%G %a' " + rules[i]).split(" ");
            assertThat(found[0]).as(rules[i]).isEqualTo(rules[i + 1]);
            int allowed = Integer.parseInt(rules[i + 2], 8);
            assertThat(Integer.parseInt(found[1], 8) & ~allowed)
                    .as("%s has mode %s, at most %s", rules[i], found[1], rules[i + 2])
                    .isZero();
        }
    }

    @Test
    void pullsThroughTheMirror() {
        String registry = Lab.value("LAB_MIRROR") + "/v2/library/debian/manifests/latest";
        String digest =
                Lab.hub(
                                "curl -sSI -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' "
                                        + registry
                                        + " | tr -d '\\r' | sed -n 's/^[Dd]ocker-[Cc]ontent-[Dd]igest: //p'")
                        .ok();
        assertThat(digest).startsWith("sha256:");
        machine.docker(NODE, "pull debian").ok();
        assertThat(machine.docker(NODE, "image inspect -f '{{index .RepoDigests 0}}' debian").ok())
                .isEqualTo("debian@" + digest);
        Record.assertNode(machine, NODE, "generic", "amd64");
    }

    @Test
    void refusesAChangedHostKeyBeforeAnyAuthentication() {
        String attempts = node.loginAttempts();
        String old =
                node.sh(
                        "mkdir /root/old; cp -p /etc/ssh/ssh_host_* /root/old/; rm /etc/ssh/ssh_host_*;"
                                + " ssh-keygen -q -A; systemctl restart ssh; cat /etc/ssh/ssh_host_ed25519_key.pub");
        try {
            Output changed = machine.run("provision", NODE);
            assertThat(changed.exits(7).err()).contains(ADDRESS, "changed");
            assertThat(logins(node.loginAttempts())).isEqualTo(logins(attempts));
            assertThat(old).isNotEmpty();
        } finally {
            node.sh("cp -p /root/old/* /etc/ssh/; rm -r /root/old; systemctl restart ssh");
        }
        Lab.until(
                "sshd is back",
                Duration.ofSeconds(10),
                () -> Lab.node(NODE, "ss -Hltn | grep -q :22").status() == 0);
        machine.run("provision", NODE).ok();
    }

    private static long logins(String log) {
        return log.lines().filter(line -> line.matches(".*(Accepted|Failed|Invalid).*")).count();
    }
}
