package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.undo.RemoveKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key comes and goes as on a node: by a shell in somebody's home folder. */
class AuthorizedKeyTest {
    private static final String KEY = "ssh-ed25519 AAAAC3Nza machine n1";
    private static final Script ADD =
            new Script().placing().include(AuthorizeKey.class, "authorize-key.sh", KEY);
    private static final Script REMOVE =
            new Script().placing().include(RemoveKey.class, "remove-key.sh", KEY);

    @TempDir private Path home;

    @Test
    void leavesNoFolderWhereThereWasNone() throws Exception {
        assertComesAndGoes();
    }

    @Test
    void putsModesAndAMissingNewlineBack() throws Exception {
        keys("ssh-rsa AAAAB3 me@home", "rwxr-xr-x", "rw-r--r--");
        assertComesAndGoes();
    }

    @Test
    void keepsAnEmptyFile() throws Exception {
        keys("", "rwx------", "rw-------");
        assertComesAndGoes();
    }

    @Test
    void keepsKeysThatCameLater() throws Exception {
        keys("ssh-rsa AAAAB3 me@home", "rwx------", "rw-------");
        run(ADD);
        Path file = home.resolve(".ssh/authorized_keys");
        Files.writeString(file, Files.readString(file) + "ssh-rsa AAAAB3 later\n");
        run(REMOVE);
        assertThat(Files.readString(file))
                .isEqualTo("ssh-rsa AAAAB3 me@home\nssh-rsa AAAAB3 later\n");
    }

    @Test
    void leavesAKeyThatTheUserPutThereHimself() throws Exception {
        keys(KEY + "\n", "rwx------", "rw-------");
        Map<String, String> before = files();
        run(REMOVE);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void followsLinksAndKeepsThem() throws Exception {
        Path real = Files.createDirectories(home.resolve("elsewhere/ssh"));
        Files.writeString(home.resolve("keys"), "ssh-rsa AAAAB3 me@home");
        Files.setPosixFilePermissions(
                home.resolve("keys"), PosixFilePermissions.fromString("r--------"));
        Files.createSymbolicLink(home.resolve(".ssh"), Path.of("elsewhere/ssh"));
        Files.createSymbolicLink(real.resolve("authorized_keys"), Path.of("../../keys"));
        Map<String, String> before = files();

        run(ADD);

        assertThat(home.resolve("keys"))
                .content()
                .isEqualTo("ssh-rsa AAAAB3 me@home\n" + KEY + "\n");
        assertThat(files().get("keys")).startsWith("r--------");
        assertThat(Files.isSymbolicLink(real.resolve("authorized_keys"))).isTrue();
        assertThat(Files.isSymbolicLink(home.resolve(".ssh"))).isTrue();
        run(REMOVE);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void leavesWhatTheOwnerNarrowedMeanwhile() throws Exception {
        keys("ssh-rsa AAAAB3 me@home\n", "rwxrwxr-x", "rw-rw-r--");
        run(ADD);
        assertThat(files().get(".ssh/authorized_keys")).startsWith("rw-r--r--");
        Files.setPosixFilePermissions(
                home.resolve(".ssh/authorized_keys"), PosixFilePermissions.fromString("rw-------"));

        run(REMOVE);

        assertThat(files().get(".ssh/authorized_keys")).startsWith("rw-------");
        assertThat(files().get(".ssh")).isEqualTo("rwxrwxr-x");
    }

    @Test
    void saysThatALinkLeadsNowhere() throws Exception {
        Files.createSymbolicLink(home.resolve(".ssh"), Path.of("usb/ssh"));
        assertThat(result(ADD)).contains("~/.ssh is a link to usb/ssh, which is not there");
        assertThat(Files.isSymbolicLink(home.resolve(".ssh"))).isTrue();
    }

    private void assertComesAndGoes() throws Exception {
        Map<String, String> before = files();
        run(ADD);
        run(ADD);
        assertThat(home.resolve(".ssh/authorized_keys")).content().containsOnlyOnce(KEY + "\n");
        assertThat(files().get(".ssh/authorized_keys"))
                .as("others cannot change it")
                .doesNotMatch("(?s)(....w|.......w).*");
        run(REMOVE);
        assertThat(files()).isEqualTo(before);
        run(REMOVE);
        assertThat(files()).isEqualTo(before);
    }

    private void keys(String content, String folderMode, String mode) throws IOException {
        Path file = home.resolve(".ssh/authorized_keys");
        Files.createDirectory(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        Files.setPosixFilePermissions(
                file.getParent(), PosixFilePermissions.fromString(folderMode));
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(home)) {
            for (Path file : all.filter(it -> !it.equals(home)).toList()) {
                files.put(
                        home.relativize(file).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                                + (Files.isRegularFile(file) ? Files.readString(file) : ""));
            }
        }
        return files;
    }

    private String result(Script script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script.text());
        builder.environment().put("HOME", home.toString());
        Process process = builder.redirectErrorStream(true).start();
        String said = process.inputReader().lines().toList().toString();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isNotZero();
        return said;
    }

    private void run(Script script) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script.text());
        builder.environment().put("HOME", home.toString());
        Process process = builder.redirectErrorStream(true).start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(() -> process.inputReader().lines().toList().toString())
                .isZero();
    }
}
