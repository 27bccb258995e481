package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateFactsTest {
    @TempDir private Path folder;

    private FakeBoard board;

    @BeforeEach
    void aSoundBoard() {
        board = new FakeBoard(folder.resolve("store"), "rack-1-node-4", "192.168.1.4");
    }

    @Test
    void hasNothingToSayOfASoundBoard() {
        assertThat(new ValidateFacts().plan(board.context()).isNone()).isTrue();
        assertThat(board.notes).isEmpty();
        assertThat(board.asRoot)
                .as("nothing but a simulation")
                .singleElement()
                .asString()
                .contains("apt-get -s");
    }

    @Test
    void namesFilesThatHaveNoPlaceToBeWrittenTo() {
        board.says("bad./etc/docker/daemon.json", "link /mnt/usb/d.json");
        board.says("bad./etc/docker/ca.pem", "no-file");

        assertThat(refused().sentence().lines())
                .containsExactly(
                        "/etc/docker/ca.pem is no regular file: move it away",
                        "/etc/docker/daemon.json is a link to /mnt/usb/d.json, which is not there: make what it leads to, or remove the link");
    }

    @Test
    void namesWhatNotEvenRootMayWriteBeforeAnythingIsWritten() {
        board.says("bad./etc/docker", "read-only");
        board.says("bad./etc/docker/daemon.json", "immutable");

        assertThat(refused().sentence().lines())
                .containsExactly(
                        "/etc/docker is on a read-only mount: have it mounted for writing, machine keeps the engine's configuration there",
                        "/etc/docker/daemon.json is immutable (chattr): sudo chattr -i -a /etc/docker/daemon.json");
    }

    @Test
    void namesWhatAptWouldDoToTheOwnersPackages() {
        board.says("remove", "podman-docker 4.3.1+ds1-8");

        MachineException refused = refused();

        assertThat(refused.exitCode()).isEqualTo(ExitCode.PRE_CREATE_CHECK);
        assertThat(refused.sentence())
                .isEqualTo("to install docker.io, apt would remove podman-docker 4.3.1+ds1-8");
        assertThat(refused.hint())
                .contains("--allow-package-changes", "nothing was changed on the node");

        board.mayChangePackages = true;
        assertThat(new InstallEngine().plan(board.context()).lines())
                .containsExactly(
                        "install docker.io from the node's own package sources",
                        "remove podman-docker 4.3.1+ds1-8");
    }

    @Test
    void namesAHeldPackageThatStandsInTheWay() {
        board.says("failed", "yes").says("holds", "other podman-docker ");
        board.err =
                """
                The following packages have unmet dependencies:
                 podman-docker : Conflicts: docker.io but 20.10.24 is to be installed
                E: Error, pkgProblemResolver::Resolve generated breaks, this may be caused by held packages.
                """;

        MachineException refused = refused();

        assertThat(refused.sentence())
                .isEqualTo(
                        "apt cannot install docker.io: podman-docker Conflicts: docker.io but 20.10.24 is to be installed; the node holds back podman-docker");
        assertThat(refused.hint())
                .startsWith("release them there: sudo apt-mark unhold podman-docker;");
    }

    @Test
    void namesAHeldEngineAndItsCure() {
        board.says("engine.binary", "/usr/bin/dockerd").says("engine.pid", "7");
        board.says("engine.package", "docker-ce")
                .says("engine.version", "5:20.10.24-1~debian.12~bookworm");
        board.wantsVersion("20.10.25");
        board.says(
                "madison",
                "docker-ce | 5:20.10.25-1~debian.12~bookworm | http://rack stable/amd64 Packages");
        board.says("held", "docker-ce 5:20.10.24-1~debian.12~bookworm");

        MachineException refused = refused();

        assertThat(refused.exitCode()).isEqualTo(ExitCode.PRE_CREATE_CHECK);
        assertThat(refused.sentence())
                .contains("change docker-ce, which is held at 5:20.10.24-1~debian.12~bookworm");
        assertThat(refused.hint()).contains("sudo apt-mark unhold docker-ce");
    }

    @Test
    void namesEverythingAtOnceEachWithItsCure() {
        board.says("os.id", "fedora").says("os.like", "").says("os.name", "Fedora Linux 42");
        board.says("machine", "vax").says("userland", "").says("init", "unknown");
        board.says("cgroup.memory", "no").says("boot.cmdline", "/boot/firmware/cmdline.txt");
        board.says("disk.free.kb", "1000")
                .says("disk.free.etc.kb", "0")
                .says("disk.readonly", "yes");
        board.says("port.busy", "yes").says("port.taken", "nc");
        board.says("root", "none");
        clockOff(Duration.ofDays(-3653));

        MachineException refused = refused();

        assertThat(refused.exitCode()).isEqualTo(ExitCode.PRE_CREATE_CHECK);
        assertThat(refused.sentence().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("Fedora", "--engine-install=none"),
                        line -> assertThat(line).contains("neither systemd nor sysvinit"),
                        line -> assertThat(line).contains("uname -m says \"vax\""),
                        line ->
                                assertThat(line)
                                        .contains(
                                                "memory cgroup is off",
                                                "\"cgroup_enable=memory cgroup_memory=1\"",
                                                "/boot/firmware/cmdline.txt and reboot"),
                        line -> assertThat(line).contains("read-only", "reboot"),
                        line -> assertThat(line).contains("only 1 MB are free in /var/lib"),
                        line -> assertThat(line).contains("only 0 MB are free in /etc"),
                        line ->
                                assertThat(line)
                                        .contains(
                                                "taken by nc", "stop that", "--aiyara-engine-port"),
                        line ->
                                assertThat(line)
                                        .contains(
                                                "3653 days behind ours",
                                                "node 2016-11-22T06:00:00Z",
                                                "here 2026-11-23T06:00:00Z"),
                        line -> assertThat(line).contains("no sudo", "install sudo"));
        assertThat(board.asRoot).isEmpty();
    }

    @Test
    void refusesAStorageDriverThatWouldHideTheNodesImages() {
        board.says("engine.binary", "/usr/sbin/dockerd").says("engine.pid", "7");
        board.wants("storage-driver", "vfs").says("engine.images.overlay2", "yes");

        assertThat(refused().sentence())
                .contains(
                        "kept by storage driver overlay2, and vfs would start without them",
                        "docker system prune --all");

        board.says("engine.images.vfs", "yes");
        assertThat(new ValidateFacts().plan(board.context()).isNone()).isTrue();
    }

    @Test
    void aRefusedSudoPasswordAloneKeepsItsExitCode() {
        board.says("root", "password");

        assertThat(refused().exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    }

    @Test
    void aRefusedSudoPasswordIsOneFindingAmongOthers() {
        board.says("root", "password").says("cgroup.memory", "no");

        MachineException refused = refused();

        assertThat(refused.exitCode()).isEqualTo(ExitCode.PRE_CREATE_CHECK);
        assertThat(refused.sentence())
                .contains("memory cgroup")
                .contains("sudo refused the password: give another");
    }

    @Test
    void aMemoryCgroupThatWasSwitchedOnOnlyNeedsAReboot() {
        board.says("cgroup.memory", "no").says("boot.cmdline", "/boot/cmdline.txt");
        board.says("boot.cmdline.memory", "yes");

        assertThat(refused().sentence())
                .contains("/boot/cmdline.txt switches it on: reboot the node");
    }

    @Test
    void aBoardThatWasSwappedForAnotherIsNamed() {
        board.record = board.record.withPlatform("linux/arm/v6", "192.168.1.4");

        assertThat(refused().sentence())
                .contains("the record says linux/arm/v6, the node is linux/arm/v7")
                .contains("machine rm rack-1-node-4");
    }

    @Test
    void aClockAMinuteOffIsWorthAWordAndNoMore() {
        clockOff(Duration.ofSeconds(61));

        new ValidateFacts().plan(board.context());

        assertThat(board.notes).singleElement().asString().contains("61 s ahead of ours");
    }

    @Test
    void aClockHalfAMinuteOffIsNotWorthAWord() {
        clockOff(Duration.ofSeconds(-30));

        new ValidateFacts().plan(board.context());

        assertThat(board.notes).isEmpty();
    }

    @Test
    void anEngineThatRunsMayHaveItsPort() {
        board.says("engine.binary", "/usr/sbin/dockerd").says("engine.pid", "7");
        board.says("port.busy", "yes");

        assertThat(new ValidateFacts().plan(board.context()).isNone()).isTrue();
    }

    private void clockOff(Duration skew) {
        board.says("clock", Long.toString(FakeBoard.NOW.plus(skew).getEpochSecond()));
    }

    private MachineException refused() {
        return catchThrowableOfType(
                MachineException.class, () -> new ValidateFacts().plan(board.context()));
    }
}
