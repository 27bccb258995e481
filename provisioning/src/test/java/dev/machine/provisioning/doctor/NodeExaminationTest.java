package dev.machine.provisioning.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.step.FakeBoard;
import dev.machine.provisioning.store.Identity;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of a board without an engine's answer; the rest is seen on real nodes. */
class NodeExaminationTest {
    @TempDir private Path folder;

    @Test
    void namesEveryFaultWithItsCure() {
        FakeBoard board = board();
        board.says("engine.binary", "/usr/sbin/dockerd");
        board.says("cgroup.memory", "no");
        board.says("file.server-key.mode", "644 root");
        board.says("plain", "2375");
        board.says("full", "95% of /var/lib/docker");
        board.says("open", "/etc/docker/daemon.json (666 root)");
        board.says("mirror", "http://192.168.1.1:5000");

        List<Finding> findings = NodeExamination.of(board.context());

        assertThat(findings)
                .extracting(Finding::check)
                .contains(
                        "node",
                        "key",
                        "configure-engine",
                        "engine",
                        "port",
                        "disk",
                        "permissions",
                        "mirror");
        assertThat(findings).allSatisfy(it -> assertThat(it.cure()).as(it.sentence()).isNotBlank());
        assertThat(findings)
                .extracting(Finding::sentence)
                .contains(
                        "the engine does not run",
                        "the kernel's memory cgroup is off",
                        "the disk is full to 95% of /var/lib/docker",
                        "port 2375 on the node is open: anyone who can reach it is root there",
                        "the engine's key /etc/docker/server-key.pem has mode and owner 644 root, not 400 root");
    }

    @Test
    void saysThatADaemonJsonCannotBeRead() {
        FakeBoard board = board();
        board.says("engine.binary", "/usr/sbin/dockerd");
        board.says("file.daemon.json", Base64.getEncoder().encodeToString("{".getBytes()));

        assertThat(NodeExamination.of(board.context()))
                .extracting(Finding::sentence)
                .anyMatch(
                        it -> it.startsWith("the node's /etc/docker/daemon.json cannot be merged"));
    }

    private FakeBoard board() {
        String id = "0123456789abcdef0123456789abcdef";
        FakeBoard board =
                new FakeBoard(folder, "rack-1-node-4", "192.168.1.4").says("machine.id", id);
        board.record =
                board.record.withIdentity(Identity.validated(Optional.of(id), Optional.empty()));
        return board;
    }
}
