package dev.machine.provisioning.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.JumpHost;
import dev.machine.driver.SshRequest;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.SshConnector;
import dev.machine.provisioning.ssh.SshKeyPair;
import dev.machine.provisioning.ssh.SshTarget;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.shell.ProcessShellCommandFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes behind a jump host, both servers in this process. */
class JumpHostsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir private Path home;

    private final AtomicInteger jumpLogins = new AtomicInteger();
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private SshServer jump;
    private SshServer node;
    private NodeAccess access;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(home.resolve(".ssh"));
        Files.writeString(
                home.resolve(".ssh/id_ed25519"), SshKeyPair.generate("test").privateKey());
        jump = server("jump", jumpLogins);
        jump.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        node = server("node", new AtomicInteger());
        access = access();
    }

    @AfterEach
    void stop() throws IOException {
        jump.stop(true);
        node.stop(true);
    }

    @Test
    void manyNodesGoThroughOneConnection() throws Exception {
        try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(nodes.submit(() -> logIn(target("me@127.0.0.1:" + jump.getPort()))));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("in");
            }
        }
        assertThat(jumpLogins).hasValue(1);
        assertThat(notes).filteredOn(note -> note.startsWith("jump host me@")).hasSize(1);
    }

    @Test
    void theUsersConfigurationMayNameTheJumpHostByANameOfHisOwn() throws Exception {
        Files.writeString(
                home.resolve(".ssh/config"),
                """
                Host board
                  HostName 127.0.0.1
                  Port %d
                  User pi
                  ProxyJump bastion
                Host bastion
                  HostName 127.0.0.1
                  Port %d
                  User me
                """
                        .formatted(node.getPort(), jump.getPort()));

        SshTarget target = access.resolve(request("board", Optional.empty()), notes::add);

        assertThat(target.address()).isEqualTo("127.0.0.1");
        assertThat(target.jump().map(JumpHost::toString)).contains("bastion");
        assertThat(logIn(target)).isEqualTo("in");
        assertThat(jumpLogins).hasValue(1);
    }

    @Test
    void goesStraightWhereTheUserSaysSo() throws Exception {
        Files.writeString(home.resolve(".ssh/config"), "Host board\n  ProxyJump bastion\n");

        assertThat(access.resolve(request("board", JumpHost.parse("none")), notes::add).jump())
                .isEmpty();
    }

    @Test
    void refusesWhatItCannotGoThroughAndSaysWhatToDo() throws Exception {
        Files.writeString(
                home.resolve(".ssh/config"),
                """
                Host command
                  ProxyCommand nc %h %p
                Host two
                  ProxyJump one,other
                Host nested
                  ProxyJump two
                """);

        for (String host : List.of("command", "two")) {
            assertThatThrownBy(() -> access.resolve(request(host, Optional.empty()), notes::add))
                    .isInstanceOfSatisfying(
                            MachineException.class,
                            e -> {
                                assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
                                assertThat(e.hint()).contains("--ssh-jump");
                            });
        }
        SshTarget nested = access.resolve(request("nested", Optional.empty()), notes::add);
        assertThatThrownBy(() -> logIn(nested))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("one jump host at most");
    }

    @Test
    void aJumpHostThatRefusesIsAskedOnceForAllNodes() {
        jump.setPublickeyAuthenticator(
                (user, key, session) -> {
                    jumpLogins.incrementAndGet();
                    return false;
                });

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> logIn(target("me@127.0.0.1:" + jump.getPort())))
                    .isInstanceOfSatisfying(
                            MachineException.class,
                            e -> {
                                assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
                                assertThat(e.sentence()).startsWith("the jump host: me@127.0.0.1");
                            });
        }
        assertThat(jumpLogins).hasValue(1);
    }

    @Test
    void saysThatTheJumpHostDoesNotForward() {
        jump.setForwardingFilter(null);

        assertThatThrownBy(() -> logIn(target("me@127.0.0.1:" + jump.getPort())))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.sentence()).contains("through me@127.0.0.1");
                            assertThat(e.hint()).contains("AllowTcpForwarding");
                        });
    }

    private String logIn(SshTarget target) {
        try (NodeShell shell =
                access.connect(target, "", NoPasswords.INSTANCE, true, Duration.ZERO, notes::add)) {
            return shell.asUser(new Script().run("echo in"), SOON).out().strip();
        }
    }

    private SshTarget target(String through) {
        return new SshTarget(
                "127.0.0.1",
                node.getPort(),
                "pi",
                Optional.empty(),
                JumpHost.parse(through),
                "127.0.0.1",
                Optional.empty(),
                Optional.empty());
    }

    private static SshRequest request(String address, Optional<JumpHost> through) {
        return new SshRequest(
                address,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                through,
                Optional.empty(),
                Optional.empty());
    }

    private NodeAccess access() {
        UserSsh user = new UserSsh(home, Optional.empty(), name -> Optional.empty());
        return new NodeAccess(
                new Store(home.resolve("store")), new SshConnector(pause -> {}, user), user);
    }

    private SshServer server(String name, AtomicInteger logins) throws IOException {
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        SimpleGeneratorHostKeyProvider hostKey =
                new SimpleGeneratorHostKeyProvider(home.resolve(name));
        hostKey.setAlgorithm(KeyUtils.EC_ALGORITHM);
        hostKey.setKeySize(256);
        server.setKeyPairProvider(hostKey);
        server.setPublickeyAuthenticator((user, key, session) -> true);
        server.setCommandFactory(
                (channel, command) ->
                        ProcessShellCommandFactory.INSTANCE.createCommand(
                                channel,
                                "sh -c " + dev.machine.common.ArgumentQuoting.quote(command)));
        server.addSessionListener(
                new org.apache.sshd.common.session.SessionListener() {
                    @Override
                    public void sessionEvent(
                            org.apache.sshd.common.session.Session session, Event event) {
                        if (event == Event.Authenticated) {
                            logins.incrementAndGet();
                        }
                    }
                });
        server.start();
        return server;
    }
}
