package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A range is many nodes side by side, each on its own. */
@Tag("lab")
class RangeTest {
    private static final String FIRST = "rack-2-node-11";
    private static final String LOST = "rack-2-node-12";
    private static final String LAST = "rack-2-node-13";

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(FIRST, "192.168.2.11", "--engine").and(LAST, "192.168.2.13", "--engine");

    private final Machine machine = new Machine();

    @AfterEach
    void away() {
        machine.close();
    }

    @Test
    void keepsTheGoodNodesWhenOneIsLostAndGoesOnWithThatOne() {
        machine.configure("aiyara:\n  ssh-key: " + Lab.value("LAB_KEY") + "\n");
        Lab.hole("192.168.2.12");

        Output made = machine.run("create", "-d", "aiyara", "rack-2-node-[11:13]");

        assertThat(made.exits(4).err()).contains("1 of 3 failed: " + LOST).contains(LOST + " | ");
        for (String good : new String[] {FIRST, LAST}) {
            Record.assertNode(machine, good, "aiyara", "amd64");
            assertThat(new OnNode(good).logins()).isEqualTo(1);
        }
        assertThat(Record.phase(machine, LOST)).isNotEqualTo("READY");

        String first = before(FIRST);
        String last = before(LAST);
        Lab.hub("ip route del 192.168.2.12/32 dev hole").ok();
        try {
            Lab.up(LOST, "--address", "192.168.2.12", "--engine");
            Output again = machine.run("create", "-d", "aiyara", "rack-2-node-[11:13]");
            assertThat(again.exits(0).err())
                    .contains(FIRST + " | READY already", LAST + " | READY already");
            Record.assertNode(machine, LOST, "aiyara", "amd64");
            assertThat(before(FIRST)).isEqualTo(first);
            assertThat(before(LAST)).isEqualTo(last);
        } finally {
            Lab.down(LOST);
        }
    }

    private String before(String node) {
        OnNode there = new OnNode(node);
        return there.logins()
                + " logins, engine "
                + there.engine()
                + ", "
                + there.managedFiles()
                + Record.of(machine, node);
    }
}
