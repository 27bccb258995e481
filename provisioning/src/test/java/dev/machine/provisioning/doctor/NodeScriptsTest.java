package dev.machine.provisioning.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.common.ResourceText;
import dev.machine.provisioning.node.FactsScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The scripts that look at a node say the same whichever awk and shell it has, also where files are
 * missing that other kernels have.
 */
class NodeScriptsTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";

    @TempDir private Path node;

    private final Map<String, String> replaced = new TreeMap<>();

    @BeforeEach
    void files() throws IOException {
        for (String file :
                List.of(
                        "/proc/net/tcp6",
                        "/proc/net/tcp",
                        "/proc/cgroups",
                        "/proc/mounts",
                        "/proc/locks",
                        "/sys/fs/cgroup/cgroup.controllers",
                        "/var/lib/dpkg/lock")) {
            replaced.put(file, node + file);
            Files.createDirectories(Path.of(node + file).getParent());
        }
        write("/proc/mounts", "/dev/root / ext4 rw,noatime,errors=remount-ro 0 0\n");
        write(
                "/proc/net/tcp",
                HEAD
                        + "   0: 00000000:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0\n"
                        + "   1: 0100007F:0948 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0\n");
        write("/proc/cgroups", "#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t5\t97\t1\n");
        Files.createFile(Path.of(node + "/var/lib/dpkg/lock-frontend"));
        Object inode =
                Files.getAttribute(Path.of(node + "/var/lib/dpkg/lock-frontend"), "unix:ino");
        write("/proc/locks", "1: POSIX  ADVISORY  WRITE 4711 00:2f:%s 0 EOF\n".formatted(inode));
        program(
                "df",
                "echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'; echo \"/dev/root 100 100 7 100% $2\"");
    }

    @ParameterizedTest
    @CsvSource({
        "mawk, sh",
        "gawk, sh",
        "original-awk, sh",
        "busybox, sh",
        "mawk, busybox",
        "busybox, busybox",
        "gawk, bash",
    })
    void sayTheSame(String awk, String shell) throws Exception {
        programs(awk, shell);

        String facts = facts(shell);
        assertThat(facts)
                .as("no tcp6, no cgroup2")
                .contains(
                        "port.busy=yes\n",
                        "cgroup.memory=yes\n",
                        "disk.free.kb=7\n",
                        "(process 4711)\n",
                        "end=yes\n")
                .doesNotContain("disk.readonly");
        assertThat(doctor(shell)).contains("plain=2375\n", "full=100% of ", "end=yes\n");

        Files.delete(Path.of(node + "/proc/net/tcp"));
        write(
                "/proc/net/tcp6",
                HEAD
                        + "   0: 00000000000000000000000000000000:0947 00000000000000000000000000000000:0000 0A 0\n");
        write("/proc/mounts", "/dev/root / ext4 ro,noatime 0 0\n");
        write("/proc/cgroups", "memory\t5\t97\t0\n");
        Files.delete(Path.of(node + "/proc/locks"));
        assertThat(facts(shell))
                .as("no tcp, no locks")
                .contains("cgroup.memory=no\n", "disk.readonly=yes\n", "end=yes\n")
                .doesNotContain("port.busy", "dpkg.lock");
        assertThat(doctor(shell)).contains("plain=2375\n", "end=yes\n");

        Files.delete(Path.of(node + "/proc/net/tcp6"));
        Files.delete(Path.of(node + "/proc/mounts"));
        Files.delete(Path.of(node + "/proc/cgroups"));
        assertThat(facts(shell))
                .as("nothing")
                .contains("end=yes\n")
                .doesNotContain("port.busy", "cgroup.memory", "disk.readonly");
        assertThat(doctor(shell)).contains("end=yes\n").doesNotContain("plain");
    }

    /** As PATH has them: one awk, and for busybox every program it has. */
    private void programs(String awk, String shell) throws Exception {
        Path program = Path.of("/usr/bin/" + awk);
        assertThat(program).as("what ./test installs").exists();
        if (awk.equals("busybox")) {
            program("awk", "exec " + program + " awk \"$@\"");
        } else {
            program("awk", "exec " + program + " \"$@\"");
        }
        if (shell.equals("busybox")) {
            for (String applet :
                    List.of(
                            "sh",
                            "sed",
                            "grep",
                            "cut",
                            "tr",
                            "cat",
                            "ls",
                            "sort",
                            "head",
                            "stat",
                            "base64",
                            "sha256sum",
                            "date",
                            "uname",
                            "readlink",
                            "printf")) {
                program(applet, "exec /usr/bin/busybox " + applet + " \"$@\"");
            }
        }
    }

    private String facts(String shell) throws Exception {
        return run(shell, FactsScript.text(), "2376");
    }

    private String doctor(String shell) throws Exception {
        return run(shell, ResourceText.read(DoctorScript.class, "doctor.sh"));
    }

    private String run(String shell, String script, String... arguments) throws Exception {
        String here = script;
        for (Map.Entry<String, String> file : replaced.entrySet()) {
            here = here.replaceAll("(?<![\\w/])" + file.getKey() + "(?![\\w])", file.getValue());
        }
        List<String> command = new ArrayList<>();
        command.addAll(
                shell.equals("busybox") ? List.of("/usr/bin/busybox", "sh") : List.of(shell));
        command.addAll(List.of("-c", here, "script"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PATH", node + "/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(Path.of(node + file), content);
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.createDirectories(node.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
