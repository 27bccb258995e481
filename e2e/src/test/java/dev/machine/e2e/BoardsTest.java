package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Boards as they come out of a drawer: a 32-bit system on a 64-bit kernel, the memory cgroup off, a
 * clock that knows no time, a copied SD card. Nothing is changed on one that is refused, and what
 * the refusal says to do is typed here as it stands.
 */
@Tag("lab")
@Execution(ExecutionMode.CONCURRENT)
class BoardsTest {
    private static final Duration TEN_YEARS = Duration.ofDays(3652);

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(
                            "board-pi",
                            "192.168.42.1",
                            "--engine",
                            "--dress",
                            "raspbian",
                            "--no-memory-cgroup")
                    .and("board-arm64", "192.168.42.2", "--engine", "--arch", "arm64")
                    .and(
                            "board-sick",
                            "192.168.42.3",
                            "--user",
                            "pi",
                            "--sudo",
                            "none",
                            "--no-memory-cgroup")
                    .and("board-clock", "192.168.42.4", "--engine")
                    .and("board-card", "192.168.42.5", "--engine")
                    .and("board-copy", "192.168.42.6", "--engine");

    @AutoClose private final Machine machine = Machine.mirrored();

    @Test
    void takesA32BitPiWhenItsMemoryCgroupIsOnAndCallsItArm() {
        Refusal refusal =
                Refusal.of("memory cgroup off", "board-pi", () -> create("board-pi", 1, "pi"));
        assertThat(refusal.said())
                .contains(
                        "add \"cgroup_enable=memory cgroup_memory=1\" to the one line of /boot/firmware/cmdline.txt");

        typeAsPi(refusal.cure("and reboot: (sudo sed .*)"));
        Lab.until(
                "the Pi is back with its memory cgroup",
                Duration.ofMinutes(3),
                () -> typeAsPi("grep '^memory.*1$' /proc/cgroups").out().startsWith("memory"));
        Output made = create("board-pi", 1, "pi");
        refusal.print("the command that it names", made);

        made.ok();
        assertThat(new OnNode("board-pi").sh("uname -m; dpkg --print-architecture"))
                .isEqualTo("aarch64\narmhf");
        assertBoard("board-pi", "arm", "linux/arm/v7");
        assertThat(machine.docker("board-pi", "run --rm multi uname -m").ok()).isEqualTo("armv7l");
    }

    @Test
    void takesA64BitBoard() {
        create("board-arm64", 2, "root").ok();

        assertBoard("board-arm64", "arm64", "linux/arm64");
        assertThat(machine.docker("board-arm64", "run --rm multi uname -m").ok())
                .isEqualTo("aarch64");
    }

    /** Both have a 64-bit kernel; what runs there is told by their programs. */
    private void assertBoard(String name, String label, String platform) {
        JsonNode info = Record.assertNode(machine, name, "aiyara", label);
        assertThat(info.path("Architecture").asText()).isEqualTo("aarch64");
        assertThat(Record.of(machine, name).path("platform").asText()).isEqualTo(platform);
    }

    @Test
    void namesEverythingThatIsWrongAtOnceAndTouchesNothing() {
        Lab.node(
                        "board-sick",
                        """
                        printf 'ID=fedora\\nPRETTY_NAME="Fedora Linux 42"\\n' >/etc/os-release
                        mount -t tmpfs -o size=20m tmpfs /var/lib
                        systemd-run -q perl -MIO::Socket::INET -e \
                            'sub keep { sleep 600 } keep(IO::Socket::INET->new(LocalPort => 2376, Listen => 1))'
                        until ss -ltnH 'sport = :2376' | grep -q .; do sleep 0.1; done
                        """)
                .ok();
        NodeClock.off("board-sick", TEN_YEARS.negated());

        Refusal refusal =
                Refusal.of("six defects at once", "board-sick", this::createWithAPasswordOfNoUse);

        assertThat(refusal.said())
                .contains(
                        "Fedora Linux 42 is not Debian, Ubuntu or Raspberry Pi OS",
                        "the kernel's memory cgroup is off: add \"cgroup_enable=memory cgroup_memory=1\"",
                        "MB are free in /var/lib, and 600 MB are needed",
                        "port 2376 on the node is taken by another program: stop that",
                        "the node's clock is 3652 days behind ours (node 2",
                        "--set-clock sets it",
                        "pi is not in the sudoers file",
                        "nothing was changed on the node");
        refusal.print("none", createWithAPasswordOfNoUse().exits(3));
    }

    private Output createWithAPasswordOfNoUse() {
        Machine typing = machine.typing("pi\n");
        try (Running running = typing.start(words("board-sick", 3, "pi", "--sudo-passwd-stdin"))) {
            return running.await(Machine.DEADLINE);
        }
    }

    @Test
    void aClockTenYearsBackIsRefusedOrSet() {
        NodeClock.off("board-clock", TEN_YEARS.negated());
        settle("board-clock");
        Refusal refusal =
                Refusal.of(
                        "clock 10 years back",
                        "board-clock",
                        () -> create("board-clock", 4, "root"));
        assertThat(refusal.said()).contains("3652 days behind ours (node 20", ", here 20");

        Output made = create("board-clock", 4, "root", "--set-clock");

        refusal.print("--set-clock", made);
        made.ok();
        assertThat(NodeClock.seconds("board-clock")).isBetween(-5L, 5L);
        assertThat(made.err().indexOf("set the clock from ours"))
                .isBetween(0, made.err().indexOf("install a server certificate"));
        aSwappedBoardIsNamed("board-clock");
    }

    private void aSwappedBoardIsNamed(String name) {
        String record = "machines/" + name + "/machine.json";
        String sound = machine.shell("cat \"$MACHINE_STORAGE_PATH\"/" + record).ok();
        machine.file(record, sound.replace("linux/amd64", "linux/arm/v7"));

        Refusal refusal =
                Refusal.of(
                        "another architecture than recorded",
                        name,
                        () -> machine.run("provision", name));

        assertThat(refusal.said())
                .contains("the record says linux/arm/v7, the node is linux/amd64");
        machine.file(record, sound);
        refusal.print("the right board", machine.run("provision", name).exits(0));
    }

    @Test
    void aCopiedCardIsFoundAndCured() {
        settle("board-card");
        create("board-card", 5, "root").ok();
        copyTheCard();

        Refusal refusal =
                Refusal.of("copied SD card", "board-copy", () -> create("board-copy", 6, "root"));

        String original = " is also that of machine \"board-card\" at 192.168.42.5";
        assertThat(refusal.said())
                .containsPattern("its machine-id [0-9a-f]{32}" + original)
                .containsPattern("its engine ID [A-Z0-9:]+" + original);
        for (String what : List.of("machine-id", "engine ID")) {
            String cure = refusal.cure(what + " .* give it its own: (.*)");
            Lab.node("board-copy", cure.replace("; sudo reboot", "")).ok();
        }
        settle("board-copy");
        Output made = create("board-copy", 6, "root");
        refusal.print("the commands that it names", made);
        made.ok();

        Output twice = create("other-name", 6, "root");
        assertThat(twice.exits(3).err()).contains("it is machine \"board-copy\" already");
    }

    private static void copyTheCard() {
        String id = new OnNode("board-card").sh("cat /etc/machine-id");
        Lab.node(
                        "board-copy",
                        """
                        systemctl stop docker.socket docker
                        echo '%s' >/etc/machine-id
                        cat >/etc/docker/key.json
                        systemctl start docker
                        """
                                .formatted(id),
                        new OnNode("board-card").sh("cat /etc/docker/key.json"))
                .ok();
        settle("board-copy");
    }

    private Output create(String name, int board, String user, String... more) {
        return machine.run(words(name, board, user, more));
    }

    private static String[] words(String name, int board, String user, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of("create", "-d", "aiyara", "--aiyara-address=192.168.42." + board));
        words.addAll(List.of("--aiyara-ssh-user", user, "--aiyara-ssh-key", Lab.value("LAB_KEY")));
        words.addAll(List.of(more));
        words.add(name);
        return words.toArray(String[]::new);
    }

    /** By SSH, for who goes into a node past it stands in the way of its reboot. */
    private static Output typeAsPi(String command) {
        return Lab.hub(
                """
                ssh -q -o BatchMode=yes -o ConnectTimeout=5 -o StrictHostKeyChecking=no \
                    -o UserKnownHostsFile=/dev/null -i "$LAB_KEY" pi@192.168.42.1 bash <<'END'
                %s
                END
                """
                        .formatted(command));
    }

    /** An engine that is starting writes files of its own. */
    private static void settle(String name) {
        Lab.until(
                "the engine of " + name + " runs",
                Duration.ofMinutes(3),
                () -> Lab.node(name, "docker version >/dev/null 2>&1").status() == 0);
    }
}
