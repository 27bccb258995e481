package dev.machine.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the ssh of this computer. */
class SshConfigTest {
    @TempDir private Path home;

    private final List<String> notes = new ArrayList<>();

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectory(home.resolve(".ssh"));
    }

    @Test
    void readsWhatTheUserSaysOfAHost() throws IOException {
        Files.writeString(home.resolve(".ssh/rack"), "a key");
        Files.writeString(home.resolve(".ssh/only.pub"), "the public half of one");

        HostSettings rack =
                settings(
                        "rack",
                        """
                        Host rack
                          HostName 10.0.0.9
                          User pi
                          Port 2222
                          IdentityFile ~/.ssh/rack
                          IdentityFile %d/.ssh/only
                          IdentityFile ~/.ssh/missing
                          IdentitiesOnly yes
                          IdentityAgent /run/agent
                          ProxyJump me@bastion:99
                        """);

        assertThat(rack.hostName()).contains("10.0.0.9");
        assertThat(rack.user()).contains("pi");
        assertThat(rack.port()).hasValue(2222);
        assertThat(rack.identityFiles()).contains(home.resolve(".ssh/rack"));
        assertThat(rack.identitiesOnly()).isTrue();
        assertThat(rack.agent()).contains("/run/agent");
        assertThat(rack.proxyJump()).contains("me@bastion:99");
        assertThat(rack.proxyCommand()).isEmpty();
        assertThat(notes).isEmpty();
    }

    @Test
    void saysNothingOfAHostThatNobodySaidAnythingOf() throws IOException {
        HostSettings other = settings("10.0.0.1", "Host rack\n  User pi\n");

        assertThat(other.user()).isEmpty();
        assertThat(other.hostName()).isEmpty();
        assertThat(other.identityFiles()).isEmpty();
        assertThat(other.proxyJump()).isEmpty();
        assertThat(other.agent()).isEmpty();
    }

    @Test
    void aUserWhoIsNamedAsIAmIsStillNamed() throws IOException {
        String me = System.getProperty("user.name");

        assertThat(settings("rack", "Host rack\n  User " + me + "\n").user()).contains(me);
    }

    @Test
    void saysThatThereIsACommandOnTheWay() throws IOException {
        assertThat(settings("rack", "Host rack\n  ProxyCommand nc %h %p\n").proxyCommand())
                .isPresent();
    }

    @Test
    void runsNoCommandThatStandsInIt() throws IOException {
        Path trace = home.resolve("trace");

        HostSettings settings =
                settings("rack", "Match exec \"touch " + trace + "\"\n  User surprise\n");

        assertThat(settings.user()).isEmpty();
        assertThat(trace).doesNotExist();
    }

    @Test
    void aMistakeInItIsOneNote() throws IOException {
        Files.writeString(home.resolve(".ssh/config"), "Host rack\n  Prot 22\n");
        SshConfig config = new SshConfig(home);

        assertThat(config.of("rack", notes::add)).isEqualTo(HostSettings.NONE);
        assertThat(config.of("other", notes::add)).isEqualTo(HostSettings.NONE);

        assertThat(notes).singleElement().asString().contains("not used");
    }

    @Test
    void doesNotWaitForASshThatHangs() throws IOException {
        // A configuration that is a pipe nobody writes into.
        Path pipe = home.resolve(".ssh/config");
        assertThat(run("mkfifo", pipe.toString())).isZero();
        SshConfig config = new SshConfig(home, Duration.ofMillis(300));

        assertThat(config.of("rack", notes::add)).isEqualTo(HostSettings.NONE);

        assertThat(notes).singleElement().asString().contains("did not end");
    }

    private static int run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private HostSettings settings(String host, String config) throws IOException {
        Files.writeString(home.resolve(".ssh/config"), config);
        return new SshConfig(home).of(host, notes::add);
    }
}
