package dev.machine.provisioning.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SnapshotReaderTest {
    @Test
    void readsWhatTheNodeSaid() {
        SnapshotReader before =
                SnapshotReader.parse(
                        """
                        touched=yes
                        known=yes
                        daemon=e30=
                        enabled=enabled
                        active=
                        data=volumes
                        kept=runc
                        purged=docker.io
                        purged=tini
                        engine=goes
                        """);
        assertThat(before.known() && before.touched() && before.engineGoes()).isTrue();
        assertThat(before.wasEnabled()).isTrue();
        assertThat(before.wasActive() || before.cleared()).isFalse();
        assertThat(before.daemonJson()).contains("{}");
        assertThat(before.purged()).containsExactly("docker.io", "tini");
        assertThat(before.kept()).containsExactly("runc");
        assertThat(before.data()).containsExactly("volumes");
    }

    @Test
    void knowsNothingOfANodeThatSaysNothing() {
        SnapshotReader before = SnapshotReader.parse("");
        assertThat(before.known() || before.touched() || before.engineGoes()).isFalse();
        assertThat(before.daemonJson()).isEmpty();
    }
}
