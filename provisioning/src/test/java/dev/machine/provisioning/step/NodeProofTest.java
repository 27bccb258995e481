package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.ssh.HostKeys;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import dev.machine.provisioning.store.Identity;
import dev.machine.provisioning.store.MachineRecord.Phase;
import dev.machine.provisioning.undo.UndoSteps;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is undone on a node that is not proven to be the record's. */
class NodeProofTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String OTHER_ID = "fedcba9876543210fedcba9876543210";
    private static final HostKey KEY = new HostKey("ssh-ed25519", "c29tZWJvZHk=");

    @TempDir private Path folder;

    private FakeBoard board;

    @BeforeEach
    void aMachine() {
        board = board("m1", "192.168.1.4").says("machine.id", ID);
        board.save(
                board.record
                        .withIdentity(Identity.validated(Optional.of(ID), Optional.empty()))
                        .withPhase(Phase.READY));
    }

    @Test
    void knowsTheNodeByItsMachineId() {
        assertThat(NodeProof.doubt(board.context())).isEmpty();
    }

    @Test
    void refusesAnotherComputerAtTheAddressBeforeAnythingIsDone() {
        board.says("machine.id", OTHER_ID);

        assertThatThrownBy(() -> UndoSteps.all().getFirst().plan(board.context()))
                .hasMessageContaining(
                        "the node at 192.168.1.4 is another computer than the one that was machine \"m1\"")
                .hasFieldOrPropertyWithValue("exitCode", 1);
        assertThat(board.asRoot).isEmpty();
    }

    @Test
    void namesTheMachineThatHasTheAddressNow() {
        FakeBoard heir = board("m3", "192.168.1.4").says("machine.id", OTHER_ID);
        assertThat(CloneCheck.claim(heir.context())).isEmpty();
        heir.record = heir.stored();
        board.says("machine.id", OTHER_ID);

        assertThat(NodeProof.doubt(board.context()))
                .hasValue("the node at 192.168.1.4 is machine \"m3\", not \"m1\"");
        assertThat(NodeProof.doubt(heir.context())).isEmpty();
    }

    @Test
    void ofTwoRecordsThatSayTheSameTheCertificateDecides() {
        FakeBoard copy = board("m1-copy", "192.168.1.4").says("machine.id", ID);
        copy.save(copy.record.withIdentity(board.record.identity()).withPhase(Phase.READY));
        String certificate = certificate("m1");
        board.says("file.server.pem", certificate);
        copy.says("file.server.pem", certificate);

        assertThat(NodeProof.doubt(copy.context()))
                .hasValue("the node at 192.168.1.4 is machine \"m1\", not \"m1-copy\"");
        assertThat(NodeProof.doubt(board.context())).isEmpty();
    }

    @Test
    void aRecordOfAnOlderVersionIsProvenByTheCertificateAndKnowsItsNodeFromThenOn() {
        board.save(board.record.withIdentity(Identity.unknown()));
        assertThat(NodeProof.doubt(board.context())).isPresent();

        board.says("file.server.pem", certificate("m2"));
        assertThat(NodeProof.doubt(board.context())).isPresent();

        board.says("file.server.pem", certificate("m1"));
        NodeContext node = board.context();
        assertThat(NodeProof.doubt(node)).isEmpty();
        UndoSteps.all().getFirst().confirm(node);
        assertThat(board.stored().identity().machineId()).hasValue(ID);
    }

    @Test
    void aRecordOfAnOlderVersionIsProvenByItsHostKeyUnlessTheNodeIsAnothers() {
        new HostKeys(board.store().knownHosts()).pin("192.168.1.4", 22, KEY);
        board.save(
                board.record
                        .withIdentity(Identity.unknown())
                        .withSsh(board.record.ssh().orElseThrow(), List.of(KEY.toString())));
        assertThat(NodeProof.doubt(board.context())).isEmpty();

        board.says("file.server.pem", certificate("m2"));
        assertThat(NodeProof.doubt(board.context())).isPresent();
    }

    private String certificate(String name) {
        Authority authority =
                new Authority(board.store(), Clock.fixed(FakeBoard.NOW, ZoneOffset.UTC));
        authority.ensure();
        String pem = authority.serverCertificate(name, List.of(name)).certificate();
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
    }

    private FakeBoard board(String name, String address) {
        return new FakeBoard(folder.resolve("store"), name, address);
    }
}
