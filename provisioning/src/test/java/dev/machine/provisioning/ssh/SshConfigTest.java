package dev.machine.provisioning.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the ssh of this computer. */
class SshConfigTest {
    @TempDir private Path home;

    private final List<String> notes = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();

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
        assertThat(notes)
                .containsExactly(
                        "Match exec \"touch "
                                + trace
                                + "\" of ~/.ssh/config is not run, so its block is not used");
    }

    @Test
    void aMistakeInItIsOneNote() throws IOException {
        Files.writeString(home.resolve(".ssh/config"), "Host rack\n  Prot 22\n");
        SshConfig config = new SshConfig(home, this::variable);

        assertThat(config.of("rack", Optional.empty(), OptionalInt.empty(), notes::add))
                .isEqualTo(HostSettings.NONE);
        assertThat(config.of("other", Optional.empty(), OptionalInt.empty(), notes::add))
                .isEqualTo(HostSettings.NONE);

        assertThat(notes).singleElement().asString().contains("not used");
    }

    @Test
    void doesNotWaitForASshThatHangs() throws IOException {
        // A configuration that is a pipe nobody writes into.
        Path pipe = home.resolve(".ssh/config");
        assertThat(run("mkfifo", pipe.toString())).isZero();
        SshConfig config = new SshConfig(home, this::variable, Duration.ofMillis(300));

        assertThat(config.of("rack", Optional.empty(), OptionalInt.empty(), notes::add))
                .isEqualTo(HostSettings.NONE);

        assertThat(notes).singleElement().asString().contains("did not end");
    }

    @Test
    void understandsEveryTokenAndVariable() throws Exception {
        String me = System.getProperty("user.name");
        String here = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        String hash = sshHash("-o", "ProxyJump=me@bastion:99", "-p", "2222", "pi@10.0.0.9");
        variables.put("KEYS", home + "/.ssh");
        List<String> names =
                List.of(
                        "variable",
                        "home",
                        "tilde",
                        "remote-pi@10.0.0.9:2222",
                        "typed-rack",
                        "alias-board",
                        "local-" + me + "-" + uid(),
                        "here-" + here + "-" + here.split("\\.")[0],
                        "jump-bastion",
                        "hash-" + hash,
                        "100%",
                        "with blank");
        for (String name : names) {
            Files.writeString(home.resolve(".ssh/" + name), "a key");
        }

        HostSettings rack =
                settings(
                        "rack",
                        """
                        Host rack
                          HostName 10.0.0.9
                          User pi
                          Port 2222
                          HostKeyAlias board
                          ProxyJump me@bastion:99
                          IdentityFile ${KEYS}/variable
                          IdentityFile %d/.ssh/home
                          IdentityFile ~/.ssh/tilde
                          IdentityFile ~/.ssh/remote-%r@%h:%p
                          IdentityFile ~/.ssh/typed-%n
                          IdentityFile ~/.ssh/alias-%k
                          IdentityFile ~/.ssh/local-%u-%i
                          IdentityFile ~/.ssh/here-%l-%L
                          IdentityFile ~/.ssh/jump-%j
                          IdentityFile ~/.ssh/hash-%C
                          IdentityFile ~/.ssh/100%%
                          IdentityFile "~/.ssh/with blank"
                          CertificateFile ${KEYS}/tilde
                          IdentityAgent /run/%r-agent
                        """);

        assertThat(notes).isEmpty();
        assertThat(rack.identityFiles())
                .extracting(file -> file.getFileName().toString())
                .containsExactlyElementsOf(names);
        assertThat(rack.certificateFiles()).containsExactly(home.resolve(".ssh/tilde"));
        assertThat(rack.agent()).contains("/run/pi-agent");
    }

    /** What ssh itself makes of %C, in a path that it prints. */
    private static String sshHash(String... words) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("ssh", "-G", "-F", "none", "-o", "ControlPath=/%C"));
        command.addAll(List.of(words));
        try (var lines = new ProcessBuilder(command).start().inputReader()) {
            return lines.lines()
                    .filter(line -> line.startsWith("controlpath /"))
                    .map(line -> line.substring("controlpath /".length()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String uid() throws IOException {
        return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    @Test
    void findsTheHomeOfAnotherUserAndTheAgentThatAVariableNames() throws IOException {
        variables.put("MY_AGENT", "/run/mine");

        HostSettings rack =
                settings("rack", "Host rack\n  IdentityAgent $MY_AGENT\n  IdentityFile ~root/x\n");

        assertThat(rack.agent()).contains("/run/mine");
        assertThat(notes).isEmpty();
    }

    @Test
    void saysWhatItDoesNotUnderstandOnce() throws IOException {
        Files.writeString(
                home.resolve(".ssh/config"),
                "Host rack\n  IdentityFile ${NOPE}/rack\n  CertificateFile ~/%K\n"
                        + "  IdentityFile ~nobody-at-all/x\n");
        SshConfig config = new SshConfig(home, this::variable);
        config.of("rack", Optional.empty(), OptionalInt.empty(), notes::add);
        config.of("rack", Optional.of("pi"), OptionalInt.of(22), notes::add);

        assertThat(notes)
                .containsExactlyInAnyOrder(
                        "IdentityFile ${NOPE}/rack of ~/.ssh/config is not used for rack: the"
                                + " variable NOPE is not set",
                        "IdentityFile ~nobody-at-all/x of ~/.ssh/config is not used for rack: there"
                                + " is no user nobody-at-all on this computer",
                        "CertificateFile ~/%K of ~/.ssh/config is not used for rack: machine does"
                                + " not know the token %K");
    }

    @Test
    void saysWhatDecidesAboutTrustAndIsNotUsed() throws IOException {
        settings(
                "rack",
                "Host rack\n  StrictHostKeyChecking yes\n  RevokedHostKeys /etc/revoked\n"
                        + "  KnownHostsCommand /bin/keys %H\n");

        assertThat(notes)
                .containsExactlyInAnyOrder(
                        "StrictHostKeyChecking yes of ~/.ssh/config is not used for rack: give"
                                + " --ssh-host-key strict",
                        "RevokedHostKeys /etc/revoked of ~/.ssh/config is not used for rack",
                        "KnownHostsCommand /bin/keys %H of ~/.ssh/config is not used for rack");
    }

    @Test
    void aBlockForOneUserCountsForThisUser() throws IOException {
        Files.writeString(home.resolve(".ssh/pi-key"), "a key");
        Files.writeString(
                home.resolve(".ssh/config"), "Match user pi\n  IdentityFile ~/.ssh/pi-key\n");
        SshConfig config = new SshConfig(home, this::variable);

        assertThat(
                        config.of("rack", Optional.of("pi"), OptionalInt.empty(), notes::add)
                                .identityFiles())
                .containsExactly(home.resolve(".ssh/pi-key"));
        assertThat(
                        config.of("rack", Optional.of("root"), OptionalInt.empty(), notes::add)
                                .identityFiles())
                .isEmpty();
    }

    @Test
    void readsWhatIsIncluded() throws IOException {
        Files.writeString(home.resolve(".ssh/rack.conf"), "Host rack\n  User pi\n");

        assertThat(settings("rack", "Include " + home + "/.ssh/*.conf\n").user()).contains("pi");
    }

    @Test
    void tellsWhySshWouldNotEvenRead() {
        // More than a pipe holds, so it is still being written when ssh ends.
        Path far = Path.of("/" + "far/".repeat(40_000));

        new SshConfig(far, this::variable)
                .of("rack", Optional.of("a;b"), OptionalInt.empty(), notes::add);

        assertThat(notes)
                .containsExactly(
                        "~/.ssh/config is not used: remote username contains invalid characters");
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
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
        return new SshConfig(home, this::variable)
                .of(host, Optional.empty(), OptionalInt.empty(), notes::add);
    }
}
