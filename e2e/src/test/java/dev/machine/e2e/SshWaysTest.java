package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ways of logging in that people have, against real sshd and sudo. */
@Tag("lab")
class SshWaysTest {
    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(
                            "ways-odd",
                            "10.35.0.11",
                            "--engine",
                            "--user",
                            "pi",
                            "--sudo",
                            "password",
                            "--shell",
                            "fish")
                    .and("ways-jump", "10.35.0.12")
                    .and("ways-behind", "10.35.0.21", "--engine", "--shell", "csh", "--jump");

    private static final String JUMP = "root@10.35.0.12";
    private static final String SSH =
            "-o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null";

    @AutoClose private final Machine machine = Machine.mirrored();

    @Test
    @Tag("quick")
    void anAgentsKeyFishNoiseAndRequirettyDoNotMatter() throws IOException {
        String secret = Secrets.fresh();
        OnNode node = new OnNode("ways-odd");
        node.sh(
                "mkdir -p /home/pi/.config/fish; printf 'echo Welcome; echo root=direct; echo end=1; echo noise >&2\\n'"
                        + " >/home/pi/.config/fish/config.fish; chown -R pi: /home/pi;"
                        + " printf 'Defaults requiretty\\nDefaults lecture=always\\n' >/etc/sudoers.d/odd;"
                        + " echo 'Banner /etc/os-release' >/etc/ssh/sshd_config.d/odd.conf; systemctl reload ssh");
        assertThat(Lab.node("ways-odd", "chpasswd", "pi:" + secret).ok()).isEmpty();
        Process agent = agent();
        try {
            Machine person = withAgent();
            assertThat(person.shell("ssh " + SSH + " pi@10.35.0.11 sudo -n true").err())
                    .as("what sudo wants of this user")
                    .contains("must have a tty");

            Output made =
                    person.typing(secret + "\n")
                            .run(
                                    "create",
                                    "-d",
                                    "generic",
                                    "--generic-ip-address",
                                    "10.35.0.11",
                                    "--generic-ssh-user",
                                    "pi",
                                    "--sudo-passwd-stdin",
                                    "odd");

            assertThat(made.exits(0).err()).contains("odd | READY");
            assertThat(Files.list(machine.store().resolve("machines/odd")).toList())
                    .as("no key was installed or copied")
                    .extracting(file -> file.getFileName().toString())
                    .doesNotContain("id_ed25519", "id");
            assertThat(person.docker("odd", "info -f '{{.Name}}'").ok()).isEqualTo("ways-odd");
            Secrets.assertNowhere(secret, machine, "ways-odd", made);
        } finally {
            end(agent);
        }
    }

    @Test
    void everythingBehindAJumpHostGoesThroughOneConnection() throws IOException {
        Process agent = agent();
        try {
            everythingBehindAJumpHost(withAgent(), new OnNode("ways-jump"));
        } finally {
            end(agent);
        }
    }

    private static void everythingBehindAJumpHost(Machine person, OnNode jump) {
        assertThat(Lab.hub("timeout 1 bash -c 'exec 3<>/dev/tcp/10.35.0.21/22'").status())
                .as("the way straight to the node")
                .isEqualTo(124);
        int before = jump.logins();

        // Twenty addresses of one board: what counts is the jump host's sshd with its own limits.
        new OnNode("ways-behind")
                .sh("for i in $(seq 30 49); do ip address replace 10.35.0.$i/16 dev eth0; done");
        Output twenty =
                person.run(
                        "create",
                        "-d",
                        "aiyara",
                        "--aiyara-host-range",
                        "10.35.0.[30:49]",
                        "--ssh-jump",
                        JUMP,
                        "--dry-run",
                        "many");
        assertThat(twenty.exits(0).err()).doesNotContain("refused");
        assertThat(jump.logins() - before).as("logins at the jump host").isEqualTo(1);

        person.run(
                        "create",
                        "-d",
                        "aiyara",
                        "--aiyara-address",
                        "10.35.0.21",
                        "--ssh-jump",
                        JUMP,
                        "behind")
                .ok();
        assertThat(person.run("ls").ok())
                .containsPattern("behind +-? *aiyara +Running +tcp://10.35.0.21:2376");
        assertThat(person.run("certs", "ls", "behind").ok()).containsPattern("behind +engine +20");
        assertThat(person.run("ssh", "behind", "hostname").ok()).isEqualTo("ways-behind");
        assertThat(person.store().resolve("swarm/default/behind.yaml"))
                .content()
                .contains("via: \"" + JUMP + "\"");
        assertThat(person.run("provision", "behind").exits(0).err()).contains("(0 changes)");
    }

    @Test
    void sendsNothingToAHostThatHasNotTheKeyThatWasNamed() {
        OnNode node = new OnNode("ways-jump");
        int before = node.loginAttempts().length();
        List<String> words =
                List.of("create", "-d", "generic", "--generic-ip-address", "10.35.0.12");

        Output wrong = machine.run(with(words, "--ssh-host-key", "SHA256:" + "A".repeat(43), "x"));
        assertThat(wrong.exits(7).err()).contains("not the one that was named");
        Output strict = machine.run(with(words, "--ssh-host-key", "strict", "x"));
        assertThat(strict.exits(6).err()).contains("is not known", "--ssh-host-key SHA256:");

        assertThat(node.loginAttempts().substring(before)).doesNotContain("Accepted", "Failed");
    }

    /** Where the lab's key is and nowhere else: ssh itself takes no notice of HOME. */
    private Process agent() throws IOException {
        Process agent =
                new ProcessBuilder("ssh-agent", "-D", "-a", socket())
                        .redirectErrorStream(true)
                        .start();
        // It says where it listens when it does.
        agent.inputReader().readLine();
        withAgent().shell("ssh-add -q " + Lab.value("LAB_KEY")).ok();
        return agent;
    }

    /** It removes its socket before it ends. */
    private static void end(Process agent) {
        agent.destroy();
        agent.onExit().join();
    }

    private Machine withAgent() {
        return machine.with("SSH_AUTH_SOCK", socket());
    }

    private String socket() {
        return machine.home().resolve("agent").toString();
    }

    private static String[] with(List<String> words, String... more) {
        List<String> all = new java.util.ArrayList<>(words);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
