package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.store.MachineRecord.Phase;
import org.junit.jupiter.api.Test;

class FileCheckTest extends OnAPlayedNode {
    @Test
    void anOwnerMayLockFilesThatAreAsTheyShouldBe() {
        node.runs("{}", 0).provision();
        node.board.record = node.board.record.withPhase(Phase.READY);
        node.board.says("bad./etc/docker", "read-only");
        node.board.says("bad./etc/docker/daemon.json", "immutable");
        assertThat(FileCheck.obstacles(node.context())).isEmpty();

        node.board.wants("storage-driver", "vfs");
        assertThat(FileCheck.obstacles(node.context())).hasSize(2);
    }

    @Test
    void aLinkThatLeadsNowhereIsAlwaysAnObstacle() {
        node.runs("{}", 0).provision();
        node.board.record = node.board.record.withPhase(Phase.READY);
        node.board.says("bad./etc/docker/ca.pem", "link /mnt/usb/ca.pem");

        assertThat(FileCheck.obstacles(node.context())).hasSize(1);
    }
}
