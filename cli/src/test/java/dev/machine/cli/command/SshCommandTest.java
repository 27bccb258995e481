package dev.machine.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.driver.DriverState;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.SshAccess;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.store.SwarmSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshCommandTest {
    @TempDir private Path home;

    private Store store = new Store(Path.of("/the/store"));
    private final Map<String, String> state = new HashMap<>();

    @Test
    void goesToTheNameThatTheUsersConfigurationKnowsWithOurPinnedKeys() {
        List<String> command =
                command(
                        "board",
                        new SshAccess("10.0.0.9", 2222, "pi", Optional.empty(), Optional.empty()));

        assertThat(command)
                .containsSubsequence(
                        "HostName=10.0.0.9",
                        "ProxyCommand=none",
                        "-p",
                        "2222",
                        "-l",
                        "pi",
                        "board",
                        "ls")
                .contains("UserKnownHostsFile=" + store.knownHosts(), "StrictHostKeyChecking=yes");
    }

    @Test
    void goesThroughTheJumpHostWithOurPinnedKeysToo() {
        List<String> command =
                command(
                        "10.0.0.9",
                        new SshAccess(
                                "10.0.0.9",
                                22,
                                "pi",
                                Optional.of("id"),
                                Optional.of("me@bastion:99")));

        assertThat(command)
                .anySatisfy(
                        word ->
                                assertThat(word)
                                        .startsWith("ProxyCommand='ssh' ")
                                        .contains("'UserKnownHostsFile=" + store.knownHosts() + "'")
                                        .endsWith("'-l' 'me' '-p' '99' -W [%h]:%p 'bastion'"))
                .containsSubsequence(
                        "IdentitiesOnly=yes", "-o", "IdentityFile=/the/store/machines/x/id");
    }

    @Test
    void anAliasOfTheUsersDoesNotHideOurPinnedKeys() throws IOException {
        Files.createDirectory(home.resolve(".ssh"));
        Files.writeString(
                home.resolve(".ssh/config"),
                "Host bastion\n  HostName 10.0.0.1\n  Port 2200\n  HostKeyAlias gate\n");

        assertThat(
                        command(
                                "Board",
                                new SshAccess(
                                        "Board.lan",
                                        2222,
                                        "pi",
                                        Optional.empty(),
                                        Optional.of("bastion"))))
                .contains("HostKeyAlias=[board.lan]:2222")
                .anySatisfy(
                        word ->
                                assertThat(word)
                                        .startsWith("ProxyCommand='ssh' ")
                                        .contains("'HostKeyAlias=[10.0.0.1]:2200'"));
    }

    @Test
    void sshReadsNothingIntoOurPathsAndAddresses() throws IOException {
        store = new Store(home.resolve("c'd%h#"));

        List<String> command =
                command(
                        "fe80::1%eth0",
                        new SshAccess(
                                "fe80::1%eth0",
                                22, "pi", Optional.of("100%d"), Optional.of("bastion")));

        assertThat(command).contains("HostName=fe80::1%%eth0");
        assertThat(answer(command, "identityfile"))
                .isEqualTo(store.machine("x").resolve("100%d").toString().replace("%", "%%"));
        assertThat(answer(command, "userknownhostsfile")).isEqualTo(store.knownHosts().toString());
        assertThat(answer(command, "hostname")).isEqualTo("fe80::1%eth0");
    }

    @Test
    void theCertificateBesideTheUsersKeyCountsToo() throws IOException {
        Files.writeString(home.resolve("my key-cert.pub"), "renewed");
        state.put("ssh-key", home.resolve("my key").toString());
        SshAccess access =
                new SshAccess("10.0.0.9", 22, "pi", Optional.of("my key"), Optional.empty());

        assertThat(command("10.0.0.9", access))
                .contains("CertificateFile=\"" + home + "/my key-cert.pub\"");
        Files.delete(home.resolve("my key-cert.pub"));
        assertThat(command("10.0.0.9", access)).noneMatch(it -> it.contains("CertificateFile"));
    }

    /** What ssh itself understands of a command. */
    private static String answer(List<String> command, String keyword) throws IOException {
        List<String> words = new ArrayList<>(command);
        words.addAll(1, List.of("-G", "-F", "none"));
        try (var lines = new ProcessBuilder(words).start().inputReader()) {
            return lines.lines()
                    .filter(line -> line.startsWith(keyword + " "))
                    .map(line -> line.substring(keyword.length() + 1))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<String> command(String typed, SshAccess access) {
        state.put("address", typed);
        UserSsh user = new UserSsh(home, Optional.empty(), name -> Optional.empty());
        MachineRecord machine =
                MachineRecord.begun(
                                "x",
                                "generic",
                                new DriverState(state),
                                EngineSettings.defaults(),
                                SwarmSettings.defaultMember())
                        .withPhase(MachineRecord.Phase.READY)
                        .withSsh(access, List.of());
        return SshCommand.command(store, user, machine, access, List.of("ls"));
    }
}
