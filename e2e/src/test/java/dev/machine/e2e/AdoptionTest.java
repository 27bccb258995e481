package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Engines that run before machine comes, set up in their owners' ways, with a container of theirs:
 * whatever happens, its process goes on.
 */
@Tag("lab")
class AdoptionTest {
    private static final String NODE = "adopt-1";
    private static final String ADDRESS = "10.52.0.11";
    private static final String LATE = "adopt-late";
    private static final String LATE_ADDRESS = "10.52.0.12";

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(NODE, ADDRESS, "--engine")
                    .and(LATE, LATE_ADDRESS, "--engine", "--init", "sysvinit");

    private static final OnNode OWNERS = new OnNode(NODE);

    /** Debian's unit again, and nothing of an owner or of us. */
    private static final String PRISTINE =
            """
            docker rm -f keep >/dev/null 2>&1; systemctl stop docker.service docker.socket snap.docker.dockerd.service 2>/dev/null
            umount /srv/data 2>/dev/null; rm -rf /etc/docker /etc/systemd/system/docker.* /etc/systemd/system/snap.* /run/machine*
            systemctl unmask docker.service docker.socket containerd.service 2>/dev/null
            iptables -F INPUT; mkdir -p /etc/docker /etc/systemd/system/docker.service.d
            echo '{"registry-mirrors":["%s"]}' >/etc/docker/daemon.json
            systemctl daemon-reload; systemctl -q enable docker.service docker.socket 2>/dev/null
            systemctl reset-failed docker.service docker.socket 2>/dev/null; systemctl start docker.socket
            """;

    private static final String KEEP =
            "for try in $(seq 100); do docker info >/dev/null 2>&1 && break; sleep 0.1; done; docker run -d --name keep debian sleep 100000 >/dev/null";

    private static Machine machine;

    @BeforeAll
    static void aUser() {
        machine = Machine.mirrored();
    }

    @AfterAll
    static void away() {
        machine.close();
    }

    @BeforeEach
    void anEngineAsDebianShipsIt() {
        OWNERS.sh(PRISTINE.formatted(Lab.value("LAB_MIRROR")));
    }

    /** Starts the engine as its owner has set it up, with his container. */
    private static String keep(String setUp) {
        OWNERS.sh(setUp + "\nsystemctl daemon-reload; systemctl restart docker.service");
        OWNERS.sh(KEEP);
        String container = OWNERS.container("keep");
        assertThat(container).startsWith("true ");
        return container;
    }

    private static void adoptsAndGivesBack(String container) {
        machine.create(NODE, ADDRESS).exits(0);
        assertThat(OWNERS.container("keep")).as("adopted").isEqualTo(container);
        assertThat(machine.run("provision", NODE).exits(0).err()).contains("(0 changes)");
        assertThat(machine.run("doctor", NODE).exits(0).out()).doesNotContain("error", "warning");
        machine.run("rm", "-y", "--purge", NODE).exits(0);
        assertThat(OWNERS.container("keep")).as("given back").isEqualTo(container);
    }

    private static void says(String key, String value) {
        OWNERS.sh("sed -i 's#^{#{\"%s\":\"%s\",#' /etc/docker/daemon.json".formatted(key, value));
    }

    @Test
    @Tag("quick")
    void anEngineIsRunningWhereverItsPidfileIs() {
        says("pidfile", "/run/elsewhere.pid");
        String container = keep("");
        long engine = OWNERS.engine();

        assertThat(machine.create(NODE, ADDRESS, "--dry-run").exits(0).out())
                .contains("restart the engine");
        assertThat(OWNERS.engine()).isEqualTo(engine);
        adoptsAndGivesBack(container);
    }

    @Test
    void swarmModeIsSeenWhereverItsDataIs() {
        says("data-root", "/srv/data");
        OWNERS.sh("mkdir -p /srv/data; mount -t tmpfs tmpfs /srv/data");
        String container = keep("");
        OWNERS.sh("docker swarm init >/dev/null");
        String files = OWNERS.digest();

        assertThat(machine.create(NODE, ADDRESS).exits(3).err())
                .contains("one container runs on an engine in swarm mode", "--restart-containers");
        assertThat(OWNERS.container("keep")).isEqualTo(container);
        assertThat(OWNERS.digest()).isEqualTo(files);
        machine.run("rm", "-y", NODE).exits(0);
        OWNERS.sh("docker swarm leave --force >/dev/null");
    }

    @Test
    void aConfigurationThatTheEngineRefusesIsPutBackWithoutTheContainers() {
        String container = keep("");
        String files = OWNERS.sh("sha256sum /etc/docker/daemon.json; ls /etc/docker");

        Output refused =
                machine.create(NODE, ADDRESS, "--engine-registry-mirror", "http://no mirror");

        assertThat(refused.exits(1).err()).contains("invalid mirror", "the old one was put back");
        assertThat(OWNERS.container("keep")).isEqualTo(container);
        assertThat(OWNERS.sh("sha256sum /etc/docker/daemon.json; ls /etc/docker | grep -v machine"))
                .isEqualTo(files);
        assertThat(OWNERS.sh("docker info -f '{{.LiveRestoreEnabled}}'")).isEqualTo("false");
        machine.run("rm", "-y", NODE).exits(0);
    }

    @Test
    void aFirewallIsToldFromAnEngineThatDoesNotComeUp() {
        String container = keep("");
        OWNERS.sh("iptables -I INPUT -p tcp --dport 2376 -j REJECT");

        assertThat(machine.create(NODE, ADDRESS).exits(6).err())
                .contains(
                        "came up with the new configuration",
                        "is not reached from here",
                        "the old configuration was put back",
                        "does a firewall")
                .doesNotContain("did not come up");
        assertThat(OWNERS.container("keep")).isEqualTo(container);

        OWNERS.sh("iptables -F INPUT");
        adoptsAndGivesBack(container);
    }

    @Test
    void anOwnUnitMakesItsSocketItselfAndGoesOnToDoSo() {
        String container =
                keep(
                        """
                        systemctl -q disable --now docker.socket docker.service 2>/dev/null
                        printf '[Service]\\nExecStart=/usr/sbin/dockerd\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/docker.service
                        """);

        adoptsAndGivesBack(container);
        assertThat(OWNERS.sh("systemctl is-active docker.socket || true")).isEqualTo("inactive");
    }

    @Test
    void dockerMachinesEngineKeepsItsSocketAndALostOneIsMadeAnew() {
        String container =
                keep(
                        """
                        printf '[Service]\\nExecStart=\\nExecStart=/usr/sbin/dockerd -H unix:///var/run/docker.sock --label provider=generic\\nEnvironment=\\n' \\
                            >/etc/systemd/system/docker.service.d/10-machine.conf
                        """);
        adoptsAndGivesBack(container);

        machine.create(NODE, ADDRESS).exits(0);
        OWNERS.sh("rm /run/docker.sock");
        assertThat(machine.run("doctor", NODE).exits(1).out())
                .contains("docker.sock is missing on the node");
        assertThat(machine.run("provision", NODE).exits(0).err()).contains("make the socket");
        assertThat(OWNERS.container("keep")).isEqualTo(container);
        OWNERS.sh("rm /run/docker.sock");
        machine.run("rm", "-y", "--purge", NODE).exits(0);
        assertThat(OWNERS.container("keep")).isEqualTo(container);
    }

    @Test
    void anEngineThatIsNotDockersServiceIsRefusedByName() {
        OWNERS.sh(
                """
                systemctl stop docker.service docker.socket 2>/dev/null; systemctl mask docker.socket docker.service 2>/dev/null
                mkdir -p /snap/docker/x1/bin; cp /usr/sbin/dockerd /snap/docker/x1/bin/
                printf '[Service]\\nExecStart=/snap/docker/x1/bin/dockerd --pidfile /run/snap.docker.pid\\n' >/etc/systemd/system/snap.docker.dockerd.service
                systemctl daemon-reload; systemctl start snap.docker.dockerd.service
                """
                        + KEEP);
        String container = OWNERS.container("keep");

        assertThat(machine.create(NODE, ADDRESS).exits(3).err())
                .contains("another engine is on the node", "snap.docker.dockerd.service")
                .contains(
                        "docker.service is masked on the node", "systemctl unmask docker.service");
        assertThat(OWNERS.container("keep")).isEqualTo(container);
        assertThat(OWNERS.sh("ls /etc/docker")).doesNotContain("machine", "ca.pem");

        OWNERS.sh(
                "docker rm -f keep; systemctl stop snap.docker.dockerd.service; rm -r /snap/docker");
        assertThat(machine.create(NODE, ADDRESS).exits(3).err())
                .contains("snap.docker.dockerd.service, which does not run");
        machine.run("rm", "-y", NODE).exits(0);
    }

    /** Its address comes 8 s after dockerd at boot. */
    @Test
    void withoutSystemdAnEngineIsStartedAgainUntilItsAddressIsThere() {
        OnNode late = new OnNode(LATE);
        machine.create(LATE, LATE_ADDRESS).exits(0);
        assertThat(machine.run("provision", LATE).exits(0).err()).contains("(0 changes)");
        late.sh(
                """
                cat >/etc/init.d/late <<'END'
                #!/bin/sh
                ### BEGIN INIT INFO
                # Provides: late
                # Required-Start: $local_fs
                # Required-Stop:
                # X-Start-Before: docker ssh
                # Default-Start: 2 3 4 5
                # Default-Stop:
                ### END INIT INFO
                [ "$1" = start ] || exit 0
                link=$(ip -o -4 addr show | awk '$2 != "lo" && $2 != "docker0" { print $2, $4; exit }')
                route=$(ip route show default)
                ip addr del ${link#* } dev ${link% *}
                (sleep 8; ip addr add ${link#* } dev ${link% *}; ip route add $route) >/dev/null 2>&1 </dev/null &
                END
                chmod 755 /etc/init.d/late; update-rc.d late defaults
                """);
        Lab.cut(LATE);
        Lab.boot(LATE);

        Lab.until(
                "the engine answers after its address came",
                Duration.ofSeconds(40),
                () -> machine.docker(LATE, "version").status() == 0);
        assertThat(late.sh("grep -c 'cannot assign requested address' /var/log/docker.log"))
                .isNotEqualTo("0");
        machine.run("rm", "-y", "--purge", LATE).exits(0);
        assertThat(late.sh("cat /etc/default/docker")).doesNotContain("machine");
    }
}
