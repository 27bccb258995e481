package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that is right is left alone, and logins are counted by the node's own sshd. */
@Tag("lab")
class IdempotenceTest {
    private static final String KEY_ADDRESS = "10.32.0.11";
    private static final String PASSWORD_ADDRESS = "10.32.0.12";

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of("again-key", KEY_ADDRESS, "--engine")
                    .and("again-password", PASSWORD_ADDRESS, "--engine", "--login", "password");

    @AutoClose private final Machine machine = Machine.mirrored();

    @Test
    void changesNothingWhenNothingIsToDoAndLogsInOnceEachTime() {
        OnNode node = new OnNode("again-key");
        int before = node.logins();
        machine.create("again-key", KEY_ADDRESS).ok();
        assertThat(node.logins() - before).isEqualTo(1);
        long engine = node.engine();
        String files = node.managedFiles();
        String record = Record.of(machine, "again-key").toString();

        Output again = machine.run("provision", "again-key");

        assertThat(again.exits(0).err()).contains("(0 changes)");
        assertThat(node.engine()).isEqualTo(engine);
        assertThat(node.managedFiles()).isEqualTo(files);
        assertThat(Record.of(machine, "again-key").toString()).isEqualTo(record);
        assertThat(node.logins() - before).isEqualTo(2);
        assertThat(machine.run("provision", "--dry-run", "again-key").exits(0).all())
                .contains("0 changes");
        assertThat(node.managedFiles()).isEqualTo(files);
    }

    @Test
    void usesAPasswordOnceAndLeavesItNowhere() {
        OnNode node = new OnNode("again-password");
        String password = Secrets.fresh();
        Lab.node("again-password", "chpasswd", "root:" + password + "\n").ok();
        assertThat(node.sh("find /root/.ssh /home -name authorized_keys 2>/dev/null || true"))
                .isEmpty();
        assertThat(createByPassword("none", "wrong-" + password).exits(6).all())
                .doesNotContain(password);
        int before = node.logins();

        Output made;
        try (Running stopped = startByPassword("authorize-key:planned", password)) {
            Stops.awaitStop(stopped);
            Secrets.assertNoProcessKnows(password);
            stopped.signal("CONT");
            made = stopped.await(Machine.DEADLINE);
        }
        made.ok();

        assertThat(node.logins() - before).isEqualTo(2);
        assertThat(node.sh("cat /root/.ssh/authorized_keys"))
                .hasLineCount(1)
                .contains("machine again-password");
        assertThat(Files.exists(machine.store().resolve("machines/again-password/id_ed25519")))
                .isTrue();
        Secrets.assertNowhere(password, machine, "again-password", made);
        Record.assertNode(machine, "again-password", "generic", "amd64");
        assertThat(machine.run("provision", "again-password").exits(0).err())
                .contains("(0 changes)");
        assertThat(node.logins() - before).isEqualTo(3);
    }

    private Output createByPassword(String stop, String password) {
        try (Running running = startByPassword(stop, password)) {
            return running.await(Machine.DEADLINE);
        }
    }

    private Running startByPassword(String stop, String password) {
        return machine.typing(password + "\n")
                .with("MACHINE_TEST_STOP", stop)
                .start(
                        "create",
                        "-d",
                        "generic",
                        "--generic-ip-address",
                        PASSWORD_ADDRESS,
                        "--generic-ssh-passwd-stdin",
                        "again-password");
    }
}
