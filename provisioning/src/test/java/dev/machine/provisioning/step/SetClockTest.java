package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetClockTest {
    @TempDir private Path folder;

    private FakeBoard board;

    @BeforeEach
    void tenYearsBack() {
        board = new FakeBoard(folder.resolve("store"), "rack-1-node-4", "192.168.1.4");
        board.says("clock", epoch(Duration.ofDays(-3653)));
        board.maySetClock = true;
    }

    @Test
    void isPlannedInsteadOfARefusal() {
        NodeContext node = board.context();

        assertThat(new ValidateFacts().plan(node).isNone()).isTrue();
        assertThat(new SetClock().appliesTo(node)).isTrue();
        assertThat(new SetClock().plan(node).lines())
                .singleElement()
                .asString()
                .contains("set the clock from ours", "node 2016-11-22T06:00:00Z");
        assertThat(board.asRoot).allSatisfy(it -> assertThat(it).contains("apt-get -s"));
    }

    @Test
    void setsOursAndLooks() {
        NodeContext node = board.context();
        board.atRoot = () -> board.says("clock", epoch(Duration.ZERO));

        new SetClock().apply(node, new SetClock().plan(node));

        assertThat(board.asRoot.getFirst())
                .contains("set -- '" + FakeBoard.NOW.getEpochSecond() + "'\n");
        assertThat(node.facts().skew()).isZero();
        assertThat(new SetClock().appliesTo(node)).isFalse();
    }

    @Test
    void saysSoWhenTheClockStaysWhereItWas() {
        NodeContext node = board.context();
        Change change = new SetClock().plan(node);

        assertThatThrownBy(() -> new SetClock().apply(node, change))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("the clock could not be set")
                .hasMessageContaining("3653 days behind");
    }

    @Test
    void leavesAClockAloneWithoutLeave() {
        board.maySetClock = false;

        assertThat(new SetClock().appliesTo(board.context())).isFalse();
    }

    private static String epoch(Duration skew) {
        return Long.toString(FakeBoard.NOW.plus(skew).getEpochSecond());
    }
}
