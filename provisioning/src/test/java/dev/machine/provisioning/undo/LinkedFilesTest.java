package dev.machine.provisioning.undo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.NodeSnapshot;
import dev.machine.provisioning.node.RestoreScript;
import dev.machine.provisioning.ssh.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is kept of a node, written there and put back, by the scripts themselves under a folder that
 * plays the node's root: links stay, and nobody may more than before.
 */
class LinkedFilesTest {
    private static final Facts BARE = new Facts(Map.of(), Duration.ZERO, Optional.empty());

    @TempDir private Path node;

    @BeforeEach
    void folders() throws IOException {
        for (String folder :
                List.of("etc/docker", "etc/default", "var/lib", "run", "opt", "srv", "bin")) {
            Files.createDirectories(node.resolve(folder));
        }
        // No engine and no packages of this computer.
        for (String program : List.of("dpkg-query", "systemctl", "groupdel", "ip")) {
            Path file = node.resolve("bin").resolve(program);
            Files.writeString(file, "#!/bin/sh\nexit 1\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
    }

    @Test
    void aLinkToAPrivateFileStaysOneAndThatFilePrivate() throws Exception {
        file("srv/daemon.json", "{ \"debug\" : true }", "rw-------");
        link("etc/docker/daemon.json", "../../srv/daemon.json");
        assertComesAndGoes("srv/daemon.json", "rw-------");
    }

    @Test
    void theFolderItselfMayBeALink() throws Exception {
        Files.delete(node.resolve("etc/docker"));
        Files.createDirectory(node.resolve("srv/docker"));
        mode("srv/docker", "rwx------");
        file("srv/docker/daemon.json", "{}", "rw-r-----");
        link("etc/docker", "../srv/docker");
        assertComesAndGoes("srv/docker/daemon.json", "rw-r-----");
    }

    @Test
    void aLinkToALink() throws Exception {
        file("srv/real", "{}", "rw-rw----");
        link("srv/hop", "real");
        link("etc/docker/daemon.json", "../../srv/hop");
        assertComesAndGoes("srv/real", "rw-rw----");
    }

    @Test
    void bothNamesOfAFileStayNamesOfOneFile() throws Exception {
        file("srv/twin", "{}", "rw-r-----");
        Files.createLink(node.resolve("etc/docker/daemon.json"), node.resolve("srv/twin"));
        assertComesAndGoes("srv/twin", "rw-r-----");
        assertThat(Files.getAttribute(node.resolve("srv/twin"), "unix:nlink")).isEqualTo(2);
    }

    @Test
    void anOrdinaryFileKeepsItsMode() throws Exception {
        file("etc/docker/daemon.json", "{}", "rw-------");
        assertComesAndGoes("etc/docker/daemon.json", "rw-------");
    }

    @Test
    void aLinkThatAPackageReplacedComesBack() throws Exception {
        file("srv/daemon.json", "{}", "rw-------");
        link("etc/docker/daemon.json", "../../srv/daemon.json");
        Map<String, String> before = files();
        run(NodeSnapshot.remember(new Script(), BARE));
        Files.delete(node.resolve("etc/docker/daemon.json"));
        file("etc/docker/daemon.json", "{\"ours\":1}", "rw-r--r--");
        putBack();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aLinkThatTheOwnerTurnedElsewhereMeanwhileIsHis() throws Exception {
        file("srv/one", "{}", "rw-------");
        file("srv/two", "{}", "rw-r-----");
        link("etc/docker/daemon.json", "../../srv/one");
        run(NodeSnapshot.remember(new Script(), BARE));
        Files.delete(node.resolve("etc/docker/daemon.json"));
        link("etc/docker/daemon.json", "../../srv/two");
        putBack();
        assertThat(Files.readSymbolicLink(node.resolve("etc/docker/daemon.json")))
                .isEqualTo(Path.of("../../srv/two"));
    }

    /** The engine goes with its packages: the folder that a link led to is as it was. */
    @Test
    void aLinkedDataFolderKeepsItsMode() throws Exception {
        Files.createDirectory(node.resolve("srv/data"));
        mode("srv/data", "rwx--x---");
        link("var/lib/docker", "../../srv/data");
        Map<String, String> before = files();
        run(NodeSnapshot.remember(new Script(), BARE));
        Files.createDirectories(node.resolve("srv/data/overlay2/x"));
        mode("srv/data", "rwx--x--x");

        run(back().include(RestoreFiles.class, "sweep.sh"));

        Files.walk(node.resolve("etc/docker/machine"))
                .sorted(java.util.Comparator.reverseOrder())
                .forEach(it -> assertThat(it.toFile().delete()).isTrue());
        assertThat(files()).isEqualTo(before);
    }

    private void assertComesAndGoes(String real, String mode) throws Exception {
        Map<String, String> before = files();
        run(NodeSnapshot.remember(new Script(), BARE));
        byte[] ours = "{\"ours\":1}".getBytes(StandardCharsets.UTF_8);
        run(new Script().write(EngineFiles.DAEMON_JSON, ours, "0644"), ours);
        assertThat(node.resolve(real)).hasContent("{\"ours\":1}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node.resolve(real))))
                .isEqualTo(mode);
        putBack();
        assertThat(files()).isEqualTo(before);
    }

    private Script back() {
        return RestoreScript.functions(BARE);
    }

    private void putBack() throws Exception {
        run(back().run("back {}; rm -rf {}", EngineFiles.DAEMON_JSON, "/etc/docker/machine"));
    }

    private void file(String name, String content, String mode) throws IOException {
        Files.writeString(node.resolve(name), content);
        mode(name, mode);
    }

    private void mode(String name, String mode) throws IOException {
        Files.setPosixFilePermissions(node.resolve(name), PosixFilePermissions.fromString(mode));
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(node.resolve(name), Path.of(target));
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(node)) {
            for (Path file : all.toList()) {
                String what =
                        Files.isSymbolicLink(file)
                                ? "-> " + Files.readSymbolicLink(file)
                                : PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                                        + (Files.isRegularFile(file) ? Files.readString(file) : "");
                files.put(node.relativize(file).toString(), what);
            }
        }
        return files;
    }

    private void run(Script script) throws Exception {
        run(script, new byte[0]);
    }

    /** With the node's folders in the place of this computer's. */
    private void run(Script script, byte[] input) throws Exception {
        String here =
                script.text().replaceAll("(?<![\\w/.}])/(etc|var/lib|run|opt)/", node + "/$1/");
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", here.replace("PATH=", "PATH=" + node + "/bin:"));
        Process process = builder.redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input);
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }
}
