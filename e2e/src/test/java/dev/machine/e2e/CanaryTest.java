package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Secrets that can be recognised, given in the ways that other tests do not have, are found nowhere
 * afterwards and in no process meanwhile: by a terminal, by variables, as the text of a key.
 * Standard input has {@link IdempotenceTest} and {@link NodeKindsTest}, a token {@link
 * DropletTest}.
 */
@Tag("lab")
class CanaryTest {
    private static final String NODE = "canary-1";
    private static final String ADDRESS = "10.34.0.11";

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(
                    NODE,
                    ADDRESS,
                    "--engine",
                    "--login",
                    "password",
                    "--user",
                    "pi",
                    "--sudo",
                    "password");

    private final Machine machine = new Machine();
    private final String password = Secrets.fresh();

    @BeforeEach
    void aPassword() {
        machine.configure("");
        Lab.node(NODE, "chpasswd", "pi:" + password + "\n").ok();
    }

    @AfterEach
    void away() {
        machine.run("rm", "-y", "-f", "master");
        machine.close();
        new OnNode(NODE).sh("rm -f /home/pi/.ssh/authorized_keys");
    }

    @Test
    void typedOnATerminal() throws IOException {
        // Types only when asked: what is typed before that a terminal shows.
        String typist =
                """
                read -r secret; screen=$HOME/screen
                asked() { until grep -q "$1 password of" "$screen"; do sleep 0.1; done; printf '%%s\\n' "$secret"; }
                : >"$screen"
                { asked SSH; asked sudo; sleep 60 & echo $! >"$HOME/typist"; wait; } |
                    script -qefc '%s/machine create -d generic --generic-ip-address %s --generic-ssh-user pi %s; kill $(cat $HOME/typist)' "$screen"
                """
                        .formatted(Lab.ROOT, ADDRESS, NODE);
        Output typed;
        try (Running terminal =
                machine.typing(password + "\n").startInHub(List.of("bash", "-c", typist))) {
            typed = terminal.await(Machine.DEADLINE);
        }

        assertThat(Files.readString(machine.home().resolve("screen")))
                .contains("SSH password of pi@" + ADDRESS, "READY");
        Secrets.assertNowhere(password, machine, NODE, typed);
        assertKeyIsOnlyInTheStore(typed);
    }

    @Test
    void givenByVariables() throws IOException {
        String token = Secrets.fresh();
        Machine user =
                machine.with("MACHINE_GENERIC_SSH_PASSWD", password)
                        .with("MACHINE_SUDO_PASSWD", password)
                        .with("DIGITALOCEAN_ACCESS_TOKEN", token);
        Output made;
        try (Running stopped =
                user.with("MACHINE_TEST_STOP", "configure-engine:applied")
                        .start(
                                "create",
                                "-d",
                                "generic",
                                "--generic-ip-address",
                                ADDRESS,
                                "--generic-ssh-user",
                                "pi",
                                NODE)) {
            Stops.awaitStop(stopped);
            Secrets.assertNoOtherProcessKnows(password, stopped.pid());
            stopped.signal("CONT");
            made = stopped.await(Machine.DEADLINE);
        }
        made.ok();
        Output master =
                user.run(
                        "create",
                        "-d",
                        "none",
                        "--url",
                        "tcp://127.0.0.1:3376",
                        "--swarm-master",
                        "master");
        assertThat(user.run("ssh", NODE, "env").exits(0).all()).doesNotContain(password, token);

        for (String secret : List.of(password, token)) {
            Secrets.assertNoProcessKnows(secret);
            Secrets.assertNowhere(secret, machine, NODE, made);
            Secrets.assertNowhere(secret, machine, NODE, master.exits(0));
            assertThat(user.run("inspect", NODE).ok()).doesNotContain(secret);
        }
        assertKeyIsOnlyInTheStore(made);
    }

    /** The key that was made for the machine, by a line of it. */
    private void assertKeyIsOnlyInTheStore(Output output) throws IOException {
        String line =
                Files.readAllLines(
                                machine.store().resolve("machines").resolve(NODE + "/id_ed25519"))
                        .get(2);
        assertThat(line).hasSizeGreaterThan(40);
        assertThat(output.all()).doesNotContain(line);
        assertThat(machine.run("inspect", NODE).ok()).doesNotContain(line);
        assertThat(Secrets.filesOfNode(line, NODE)).isEmpty();
    }
}
