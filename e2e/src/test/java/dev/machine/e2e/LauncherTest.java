package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the launcher and the JVM deal with folders, links, odd descriptors and locales. */
@Tag("lab")
class LauncherTest {
    /** The lab is up as long as it has a node; nobody logs in to this one. */
    @RegisterExtension static final Nodes NODES = Nodes.of("launcher", "192.168.29.1");

    @AutoClose private final Machine user = new Machine();

    @BeforeEach
    void makeOne() {
        user.run("create", "-d", "none", "--url", "tcp://127.0.0.1:9", "one").ok();
        user.run("image", "set", "hello", "amd64=hello-world").ok();
    }

    @Test
    void anAnswerThatIsLostIsAnError() {
        for (String command : List.of("url one", "config one", "ls --cached", "image export")) {
            Output full = user.shell("machine " + command + " >/dev/full");
            assertThat(full.exits(1).err())
                    .as(command)
                    .isEqualTo("cannot write to standard output: No space left on device\n");
            Output closed = user.shell("machine " + command + " >&-");
            assertThat(closed.exits(1).err())
                    .as(command)
                    .isEqualTo("cannot write to standard output: Bad file descriptor\n");
        }
        assertThat(user.shell("machine provision one >&- <&- 2>&-").out()).isEmpty();
    }

    @Test
    void aReaderWhoHasEnoughIsToldNothing() {
        for (String command : List.of("url one", "help create", "ls --cached")) {
            Output output =
                    user.shell(
                            "(machine "
                                    + command
                                    + "; echo \"code $?\" >&2) | (exec <&-; sleep 3)");
            assertThat(output.err()).as(command).isEqualTo("code 141\n");
        }
    }

    @Test
    void itRunsFromAnyFolderByThePathAndThroughLinks() {
        String links =
                "cd %s; ln -s %s/machine; ln -s machine docker-machine; cd /; "
                        .formatted(user.home(), Lab.ROOT);
        for (String command :
                List.of(
                        "cd / && machine",
                        "cd %s/.. && PATH=%s:$PATH machine"
                                .formatted(Lab.ROOT, Lab.ROOT.getFileName()),
                        links + "~/machine",
                        "PATH=~:$PATH docker-machine")) {
            assertThat(user.shell(command + " url one").ok())
                    .as(command)
                    .isEqualTo("tcp://127.0.0.1:9");
        }
    }

    @Test
    void namesOfFilesMayHaveAnyLettersInAnyLocale() throws IOException {
        Path home = Files.createDirectories(user.home().resolve("jörg/日本"));
        for (String locale : List.of("C", "POSIX", "de_DE.ISO-8859-1", "nowhere", "C.UTF-8", "")) {
            Machine person =
                    user.with("LC_ALL", locale)
                            .with("HOME", home.toString())
                            .with("MACHINE_STORAGE_PATH", "");
            person.run("create", "-d", "none", "--url", "tcp://127.0.0.1:9", "one").ok();
            assertThat(person.run("config", "one").ok()).contains(home + "/.machine/certs");
            assertThat(person.run("-s", home + "/.machine", "ls", "-q").ok()).isEqualTo("one");
            person.run("rm", "-y", "one").ok();
        }
        assertThat(home.resolve(".machine")).isDirectory();
        try (var files = Files.list(user.home())) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("jörg");
        }
    }
}
