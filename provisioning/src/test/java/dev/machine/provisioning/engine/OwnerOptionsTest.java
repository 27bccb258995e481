package dev.machine.provisioning.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.EngineSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnerOptionsTest {
    private static final String DEBIAN =
            """
            # /lib/systemd/system/docker.service
            [Service]
            ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
            """;
    private static final String USUAL = "/usr/sbin/dockerd $DOCKER_OPTS";

    @Test
    void movesDockerOptsIntoDaemonJson() throws Exception {
        OwnerOptions found =
                found(
                        DEBIAN,
                        "# a remark\nDOCKER_OPTS=\"-H tcp://0.0.0.0:2375 --label rack=9 --insecure-registry=reg:5000 -g /srv/docker --dns 1.1.1.1 --dns=8.8.8.8 --mtu 1400 --icc=false --add-runtime a=b\"\nTMPDIR=/x\n");

        assertThat(found.settings())
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"labels": ["rack=9"], "insecure-registries": ["reg:5000"], "data-root": "/srv/docker",
                                         "dns": ["1.1.1.1", "8.8.8.8"], "mtu": 1400, "icc": false}
                                        """));
        assertThat(found.defaultFile())
                .hasValue(
                        "# a remark\n# machine moved options from here into /etc/docker/daemon.json\nDOCKER_OPTS=\"--add-runtime a=b\"\nTMPDIR=/x\n");
        assertThat(found.command())
                .isEqualTo(
                        "/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS");
    }

    @Test
    void findsNothingMoreTheSecondTime() {
        String first = found(DEBIAN, "DOCKER_OPTS='--debug --foo'\n").defaultFile().orElseThrow();

        OwnerOptions second = found(DEBIAN, first);

        assertThat(second.settings().isEmpty()).isTrue();
        assertThat(second.defaultFile()).isEmpty();
    }

    @Test
    void leavesDockerOptsAloneThatNobodyReads() {
        OwnerOptions found =
                found(
                        "# /lib/systemd/system/docker.service\nExecStart=/usr/bin/dockerd -H fd://\n",
                        "DOCKER_OPTS=\"--debug\"\n");

        assertThat(found.settings().isEmpty()).isTrue();
        assertThat(found.defaultFile()).isEmpty();
    }

    @Test
    void refusesDockerOptsThatOnlyAShellUnderstands() {
        for (String file :
                List.of(
                        "DOCKER_OPTS=\"$DOCKER_OPTS --debug\"\n",
                        "DOCKER_OPTS=\"--label=h=`hostname`\"\n",
                        "DOCKER_OPTS=-D\nDOCKER_OPTS=-l\n",
                        "if x; then DOCKER_OPTS=-D; fi\n",
                        "DOCKER_OPTS=\"--mtu\"\n",
                        "DOCKER_OPTS=\"--mtu=big\"\n")) {
            assertThatThrownBy(() -> found(DEBIAN, file))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("/etc/default/docker")
                    .extracting(e -> ((MachineException) e).exitCode())
                    .isEqualTo(ExitCode.PRE_CREATE_CHECK);
        }
    }

    @Test
    void takesOverTheDropInOfDockerMachine() throws Exception {
        OwnerOptions found =
                found(
                        DEBIAN
                                + """
                                # /etc/systemd/system/docker.service.d/10-machine.conf
                                [Service]
                                ExecStart=
                                ExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2376 -H unix:///var/run/docker.sock --storage-driver overlay2 --tlsverify --tlscacert /etc/docker/ca.pem --tlscert /etc/docker/server.pem --tlskey /etc/docker/server-key.pem --label arch=x86-64 --log-driver=json-file
                                """,
                        "");

        assertThat(found.command()).isEqualTo("/usr/bin/dockerd");
        assertThat(found.settings())
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        "{\"storage-driver\": \"overlay2\", \"labels\": [\"arch=x86-64\"], \"log-driver\": \"json-file\"}"));
    }

    @Test
    void refusesADropInThatWouldOverrideOurs() {
        assertThatThrownBy(
                        () ->
                                found(
                                        DEBIAN
                                                + "# /etc/systemd/system/docker.service.d/override.conf\n[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H tcp://0.0.0.0:2375\n",
                                        ""))
                .hasMessageContaining("/etc/systemd/system/docker.service.d/override.conf");
    }

    @Test
    void whatMovedStaysAndGoesBackWhereItCameFrom() throws Exception {
        OwnerOptions found =
                found(
                        DEBIAN,
                        "DOCKER_OPTS='--label rack=9 -g /srv/docker --registry-mirror http://m'\n");
        DaemonSpec wish =
                new DaemonSpec(
                        "aiyara",
                        "arm",
                        "192.168.1.4",
                        2376,
                        EngineSettings.defaults(),
                        List.of("fd://"));
        Optional<String> original = Optional.of("{\"debug\": true}");

        DaemonConfig first = DaemonConfig.merge(original, found, Optional.empty(), wish, true);
        DaemonConfig second =
                DaemonConfig.merge(
                        Optional.of(first.content()), Optional.of(first.managed()), wish, true);

        assertThat(first.content()).contains("rack=9", "/srv/docker", "http://m", "debug");
        assertThat(second.changedKeys()).isEmpty();
        assertThat(second.managed()).isEqualTo(first.managed());
        assertThat(
                        DaemonUndo.of(
                                        Optional.of(second.content()),
                                        Optional.of(second.managed()),
                                        original)
                                .content())
                .isEmpty();
    }

    private static OwnerOptions found(String unit, String defaultFile) {
        return OwnerOptions.of(unit, true, Optional.of(defaultFile), USUAL);
    }
}
