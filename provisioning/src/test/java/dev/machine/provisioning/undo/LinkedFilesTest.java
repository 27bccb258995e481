package dev.machine.provisioning.undo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.NodeSnapshot;
import dev.machine.provisioning.node.RestoreScript;
import dev.machine.provisioning.ssh.NodeFolder;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is kept of a node, written there and put back, by the scripts themselves under a folder that
 * plays the node's root: links stay, and nobody may more than before.
 */
class LinkedFilesTest {
    private static final Facts BARE = new Facts(Map.of(), Duration.ZERO, Optional.empty());

    @TempDir private Path folder;

    private NodeFolder node;

    @BeforeEach
    void aNodeWithoutEngineAndPackages() throws IOException {
        node = new NodeFolder(folder);
        Files.createDirectory(node.path("srv"));
        for (String program : List.of("dpkg-query", "systemctl", "groupdel", "ip")) {
            node.program(program, "exit 1");
        }
    }

    @Test
    void aLinkToAPrivateFileStaysOneAndThatFilePrivate() throws Exception {
        node.put("srv/daemon.json", "{ \"debug\" : true }", "rw-------");
        node.link("etc/docker/daemon.json", "../../srv/daemon.json");
        assertComesAndGoes("srv/daemon.json", "rw-------");
    }

    @Test
    void theFolderItselfMayBeALink() throws Exception {
        Files.delete(node.path("etc/docker"));
        Files.createDirectory(node.path("srv/docker"));
        node.mode("srv/docker", "rwx------");
        node.put("srv/docker/daemon.json", "{}", "rw-r-----");
        node.link("etc/docker", "../srv/docker");
        assertComesAndGoes("srv/docker/daemon.json", "rw-r-----");
    }

    @Test
    void aLinkToALink() throws Exception {
        node.put("srv/real", "{}", "rw-rw----");
        node.link("srv/hop", "real");
        node.link("etc/docker/daemon.json", "../../srv/hop");
        assertComesAndGoes("srv/real", "rw-rw----");
    }

    @Test
    void bothNamesOfAFileStayNamesOfOneFile() throws Exception {
        node.put("srv/twin", "{}", "rw-r-----");
        Files.createLink(node.path("etc/docker/daemon.json"), node.path("srv/twin"));
        assertComesAndGoes("srv/twin", "rw-r-----");
        assertThat(Files.getAttribute(node.path("srv/twin"), "unix:nlink")).isEqualTo(2);
    }

    @Test
    void anOrdinaryFileKeepsItsMode() throws Exception {
        node.put("etc/docker/daemon.json", "{}", "rw-------");
        assertComesAndGoes("etc/docker/daemon.json", "rw-------");
    }

    @Test
    void aLinkThatAPackageReplacedComesBack() throws Exception {
        node.put("srv/daemon.json", "{}", "rw-------");
        node.link("etc/docker/daemon.json", "../../srv/daemon.json");
        Map<String, String> before = files();
        run(NodeSnapshot.remember(new Script(), BARE));
        Files.delete(node.path("etc/docker/daemon.json"));
        node.put("etc/docker/daemon.json", "{\"ours\":1}", "rw-r--r--");
        putBack();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aLinkThatTheOwnerTurnedElsewhereMeanwhileIsHis() throws Exception {
        node.put("srv/one", "{}", "rw-------");
        node.put("srv/two", "{}", "rw-r-----");
        node.link("etc/docker/daemon.json", "../../srv/one");
        run(NodeSnapshot.remember(new Script(), BARE));
        Files.delete(node.path("etc/docker/daemon.json"));
        node.link("etc/docker/daemon.json", "../../srv/two");
        putBack();
        assertThat(Files.readSymbolicLink(node.path("etc/docker/daemon.json")))
                .isEqualTo(Path.of("../../srv/two"));
    }

    /** The engine goes with its packages: the folder that a link led to is as it was. */
    @Test
    void aLinkedDataFolderKeepsItsMode() throws Exception {
        Files.createDirectory(node.path("srv/data"));
        node.mode("srv/data", "rwx--x---");
        node.link("var/lib/docker", "../../srv/data");
        Map<String, String> before = files();
        run(NodeSnapshot.remember(new Script(), BARE));
        Files.createDirectories(node.path("srv/data/overlay2/x"));
        node.mode("srv/data", "rwx--x--x");

        run(back().include(RestoreFiles.class, "sweep.sh"));

        Files.walk(node.path("etc/docker/machine"))
                .sorted(Comparator.reverseOrder())
                .forEach(it -> assertThat(it.toFile().delete()).isTrue());
        assertThat(files()).isEqualTo(before);
    }

    private void assertComesAndGoes(String real, String mode) throws Exception {
        Map<String, String> before = files();
        run(NodeSnapshot.remember(new Script(), BARE));
        byte[] ours = "{\"ours\":1}".getBytes(StandardCharsets.UTF_8);
        run(new Script().write(EngineFiles.DAEMON_JSON, ours, "0644"));
        assertThat(node.path(real)).hasContent("{\"ours\":1}");
        assertThat(node.permissions(real)).isEqualTo(mode);
        putBack();
        assertThat(files()).isEqualTo(before);
    }

    private Script back() {
        return RestoreScript.functions(BARE);
    }

    private void putBack() throws Exception {
        run(back().run("back {}; rm -rf {}", EngineFiles.DAEMON_JSON, "/etc/docker/machine"));
    }

    private Map<String, String> files() {
        return node.files("");
    }

    private void run(Script script) {
        ScriptResult result = node.run(script);
        assertThat(result.status()).as(result.err()).isZero();
    }
}
