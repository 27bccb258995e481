package dev.machine.provisioning.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.common.ResourceText;
import dev.machine.provisioning.node.PackageManager.Effects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** simulate.sh with an apt that says what Debian 12's says. */
class AptSimulationTest {
    @TempDir private Path node;

    @BeforeEach
    void packageTools() throws IOException {
        program("apt-mark", "cat " + node + "/holds 2>/dev/null || true");
        program("dpkg-query", "case $2 in */podman) echo podman: $2;; *) exit 1;; esac");
        program("dpkg", "exec /usr/bin/dpkg \"$@\"");
    }

    @Test
    void saysWhatGoesWhatGetsOlderAndWhatIsHeld() throws Exception {
        apt(
                """
                echo 'NOTE: This is only a simulation!'
                echo 'Remv podman-docker [4.3.1+ds1-8+deb12u1]'
                echo 'Inst containerd [1.7.2] (1.6.20~ds1-1+deb12u1 Debian:12.9/stable [amd64])'
                echo 'Inst libfoo [1.0] (1.1 Debian:12.9/stable [amd64]) []'
                echo 'Inst docker.io (20.10.24+dfsg1-1 Debian:12.9/stable [amd64])'
                echo 'Conf docker.io (20.10.24+dfsg1-1 Debian:12.9/stable [amd64])'
                """);
        Files.writeString(node.resolve("holds"), "libfoo\n");

        Effects said = AptSimulation.parse(run("docker.io"), List.of());

        assertThat(said.harm())
                .containsExactly(
                        "remove podman-docker 4.3.1+ds1-8+deb12u1",
                        "change containerd from 1.7.2 to the older 1.6.20~ds1-1+deb12u1",
                        "change libfoo, which is held at 1.0");
        assertThat(said.blocking()).isEmpty();
    }

    @Test
    void anOlderVersionThatWasAskedForNeedsNoLeave() throws Exception {
        apt("echo 'Inst docker.io [26.1] (20.10 Debian:12.9/stable [amd64])'");

        assertThat(AptSimulation.parse(run("docker.io=20.10"), List.of("docker.io=20.10")).harm())
                .isEmpty();
    }

    @Test
    void fetchesListsIntoAFolderOfItsOwnWhereTheNodesDoNotHaveThePackage() throws Exception {
        apt(
                """
                case "$*" in
                    *update*) touch %1$s/updated; [ "$(basename "$(echo "$*" | sed 's/.*Dir::State::lists=\\([^ ]*\\).*/\\1/')")" = lists ] ;;
                    *) if [ ! -e %1$s/updated ]; then echo 'E: Unable to locate package docker.io'; exit 100; fi
                       case "$*" in *Dir::State::lists=*) echo 'Inst docker.io (20.10 x [amd64])' ;; *) exit 100 ;; esac ;;
                esac
                """
                        .formatted(node));

        assertThat(run("docker.io")).contains("end=yes").doesNotContain("failed");
        assertThat(node.resolve("probe")).doesNotExist();
    }

    @Test
    void leavesABrokenStateToTheInstallationThatMendsIt() throws Exception {
        apt(
                "echo \"E: Unmet dependencies. Try 'apt --fix-broken install' with no packages\"; exit 100");

        assertThat(run("docker.io")).isEqualTo("broken=yes\n");
    }

    @Test
    void namesAProgramThatIsAnotherPackagesOrNobodys() throws Exception {
        Files.createDirectories(node.resolve("usr/bin"));
        Files.createFile(node.resolve("usr/bin/docker"));
        apt("echo 'Inst docker.io (20.10 x [amd64])'");
        assertThat(AptSimulation.parse(run("docker.io"), List.of()).harm())
                .containsExactly("replace " + node + "/usr/bin/docker, which is no package's");

        program("dpkg-query", "echo mydocker: $2");
        apt(
                "case \"$*\" in *mydocker-*) echo 'Remv mydocker [1.0]';; esac; echo 'Inst docker.io (20.10 x [amd64])'");
        Effects said = AptSimulation.parse(run("docker.io"), List.of());
        assertThat(said.harm()).containsExactly("remove mydocker 1.0");
        assertThat(said.blocking()).containsExactly("mydocker-");
    }

    @Test
    void aProgramThatIsDivertedStandsInNobodysWay() throws Exception {
        Files.createDirectories(node.resolve("usr/bin"));
        Files.createFile(node.resolve("usr/bin/docker"));
        apt("echo 'Inst docker.io (20.10 x [amd64])'");
        for (String said : List.of("local diversion from: ", "diversion by mine from: ")) {
            program("dpkg-query", "echo \"" + said + "$2\"; echo \"mydocker: $2\"");
            Effects simulation = AptSimulation.parse(run("docker.io"), List.of());
            assertThat(simulation.harm()).isEmpty();
            assertThat(simulation.blocking()).isEmpty();
        }
    }

    private void apt(String shell) throws IOException {
        program("apt-get", shell);
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.createDirectories(node.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private String run(String... packages) throws Exception {
        String script =
                ResourceText.read(AptSimulation.class, "simulate.sh")
                        .replace("/run/machine-probe", node + "/probe")
                        .replace(" /usr/", " " + node + "/usr/")
                        .replace("\"/usr/", "\"" + node + "/usr/");
        List<String> command =
                new java.util.ArrayList<>(List.of("sh", "-c", script, "simulate", ""));
        command.addAll(List.of(packages));
        ProcessBuilder shell = new ProcessBuilder(command);
        shell.environment().put("PATH", node + "/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        shell.environment().remove("APT_CONFIG");
        shell.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = shell.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
