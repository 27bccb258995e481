package dev.machine.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.driver.DriverState;
import dev.machine.store.EngineSettings;
import dev.machine.store.Identity;
import dev.machine.store.MachineRecord;
import dev.machine.store.SshAccess;
import dev.machine.store.Store;
import dev.machine.store.SwarmSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SshTest {
    private final Store store = new Store(Path.of("/the/store"));

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
                .containsSubsequence("IdentitiesOnly=yes", "-i", "/the/store/machines/x/id");
    }

    private List<String> command(String typed, SshAccess access) {
        MachineRecord machine =
                new MachineRecord(
                        "x",
                        "generic",
                        new DriverState(Map.of("address", typed)),
                        MachineRecord.Phase.READY,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(access),
                        List.of(),
                        EngineSettings.defaults(),
                        SwarmSettings.defaultMember(),
                        Identity.unknown());
        return Ssh.command(store, machine, access, List.of("ls"));
    }
}
