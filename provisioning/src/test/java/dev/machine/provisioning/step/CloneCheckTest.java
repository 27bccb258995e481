package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloneCheckTest {
    private static final String CARD = "0123456789abcdef0123456789abcdef";
    private static final String OTHER_CARD = "fedcba9876543210fedcba9876543210";
    private static final String ENGINE = "IB5Z:ZAD5:TXQ7";

    @TempDir private Path folder;

    private FakeBoard first;

    @BeforeEach
    void aRecordedBoard() {
        first = board("rack-1-node-4", "192.168.1.4");
        first.says("machine.id", CARD).says("engine.id", ENGINE);
        assertThat(CloneCheck.claim(first.context())).isEmpty();
        first.record = first.stored();
    }

    @Test
    void remembersWhoANodeIsAndKnowsItAgain() {
        assertThat(first.stored().identity().machineId()).hasValue(CARD);
        assertThat(first.stored().identity().engineId()).hasValue(ENGINE);

        assertThat(CloneCheck.claim(first.context())).isEmpty();
    }

    @Test
    void namesTheBoardWhoseCardWasCopiedAndTheCures() {
        FakeBoard copy = board("rack-1-node-5", "192.168.1.5");
        copy.says("machine.id", CARD).says("engine.id", ENGINE);

        List<String> obstacles = CloneCheck.claim(copy.context());

        assertThat(obstacles)
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .contains(
                                                "machine-id " + CARD,
                                                "\"rack-1-node-4\" at 192.168.1.4",
                                                "moved here, `machine rm rack-1-node-4` first",
                                                "rm -f /var/lib/dbus/machine-id",
                                                "/etc/machine-id"),
                        line ->
                                assertThat(line)
                                        .contains(
                                                "engine ID " + ENGINE,
                                                "\"rack-1-node-4\"",
                                                "/etc/docker/key.json /var/lib/docker/engine-id"));
        assertThat(copy.stored()).isNull();
    }

    @Test
    void anEngineThatTellsItsIdLateIsCheckedToo() {
        FakeBoard copy = board("rack-1-node-5", "192.168.1.5").says("machine.id", OTHER_CARD);
        NodeContext node = copy.context();
        assertThat(CloneCheck.claim(node)).isEmpty();

        assertThat(CloneCheck.obstacle(node, ENGINE)).get().asString().contains("rack-1-node-4");
        assertThat(CloneCheck.obstacle(node, "NEW:ID")).isEmpty();
        assertThat(copy.stored().identity().engineId()).hasValue("NEW:ID");
        assertThat(copy.stored().identity().machineId()).hasValue(OTHER_CARD);
    }

    @Test
    void namesTheMachineThatANodeIsAlready() {
        FakeBoard again = board("pi", "192.168.1.4").says("machine.id", CARD);

        assertThat(CloneCheck.obstacles(again.context()))
                .singleElement()
                .asString()
                .contains("it is machine \"rack-1-node-4\" already", "machine rm rack-1-node-4");
    }

    @Test
    void anotherComputerAtAnOldAddressIsOnlyWorthAWord() {
        FakeBoard successor = board("new", "192.168.1.4").says("machine.id", OTHER_CARD);

        assertThat(CloneCheck.obstacles(successor.context())).isEmpty();
        assertThat(successor.notes)
                .singleElement()
                .asString()
                .contains("rack-1-node-4", "another computer");
    }

    @Test
    void aMachineIdThatIsNoneIsNotCompared() {
        FakeBoard one = board("a", "192.168.1.6").says("machine.id", "uninitialized");
        FakeBoard two = board("b", "192.168.1.7").says("machine.id", "uninitialized");

        assertThat(CloneCheck.claim(one.context())).isEmpty();
        assertThat(CloneCheck.claim(two.context())).isEmpty();
        assertThat(one.stored().hasNode()).isTrue();
    }

    @Test
    void aRecordThatWasRefusedIsInNobodysWay() {
        FakeBoard refused = board("pi", "192.168.1.4").says("machine.id", CARD);
        assertThat(CloneCheck.claim(refused.context())).isNotEmpty();
        refused.save(refused.record.failedAt("validate facts"));

        assertThat(refused.stored().hasNode()).isFalse();
        assertThat(CloneCheck.obstacles(first.context())).isEmpty();
        assertThat(first.notes).isEmpty();
    }

    @Test
    void knowsAMachineByAnotherAddressOfItsNode() {
        FakeBoard again = board("pi", "rack.example").says("machine.id", CARD);
        again.says("addresses", "10.0.0.7 192.168.1.4 fe80::1");

        assertThat(CloneCheck.obstacles(again.context()))
                .singleElement()
                .asString()
                .contains("it is machine \"rack-1-node-4\" already")
                .doesNotContain("copied");
    }

    @Test
    void knowsAMachineWhoseMachineIdWasChangedByItsEngine() {
        FakeBoard again = board("pi", "192.168.1.4").says("machine.id", OTHER_CARD);
        again.says("engine.id", ENGINE);

        assertThat(CloneCheck.obstacles(again.context()))
                .singleElement()
                .asString()
                .contains("it is machine \"rack-1-node-4\" already");
    }

    private FakeBoard board(String name, String address) {
        return new FakeBoard(folder.resolve("store"), name, address);
    }
}
