package dev.machine.provisioning.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnitCommandTest {
    private static final String DEBIAN =
            """
            # /lib/systemd/system/docker.service
            [Service]
            Type=notify
            ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
            """;

    @Test
    void takesTheSocketsOffAndKeepsTheRest() {
        assertThat(UnitCommand.withoutHosts(DEBIAN))
                .hasValue(
                        "/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS");
    }

    @Test
    void knowsEverySpellingOfTheOption() {
        assertThat(
                        UnitCommand.withoutHosts(
                                "ExecStart=/usr/bin/dockerd -Hfd:// --host=tcp://0.0.0.0:2375 --host unix:///x -H tcp://:1 --debug"))
                .hasValue("/usr/bin/dockerd --debug");
    }

    @Test
    void followsAnotherDropInButNotOurOwn() {
        String unit =
                DEBIAN
                        + """
                # /etc/systemd/system/docker.service.d/05-proxy.conf
                [Service]
                ExecStart=
                ExecStart=/opt/docker/dockerd -H fd:// --debug

                # /etc/systemd/system/docker.service.d/10-machine.conf
                # Written by machine; changed by: machine provision.
                [Service]
                ExecStart=
                ExecStart=/usr/sbin/dockerd --stale
                """;

        assertThat(UnitCommand.withoutHosts(unit)).hasValue("/opt/docker/dockerd --debug");
    }

    @Test
    void readsACommandOverSeveralLines() {
        assertThat(
                        UnitCommand.withoutHosts(
                                "ExecStart=/usr/bin/dockerd \\\n  -H fd:// \\\n  --debug\n"))
                .hasValue("/usr/bin/dockerd --debug");
    }

    @Test
    void isEmptyWithoutAUnit() {
        assertThat(UnitCommand.withoutHosts("")).isEmpty();
    }
}
