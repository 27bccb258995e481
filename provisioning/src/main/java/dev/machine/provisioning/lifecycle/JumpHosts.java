package dev.machine.provisioning.lifecycle;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.JumpHost;
import dev.machine.provisioning.ssh.Credentials;
import dev.machine.provisioning.ssh.HostSettings;
import dev.machine.provisioning.ssh.Passphrases;
import dev.machine.provisioning.ssh.SshConnection;
import dev.machine.provisioning.ssh.SshConnector;
import dev.machine.provisioning.ssh.SshTarget;
import dev.machine.provisioning.ssh.UserSsh;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * The connections to jump hosts, one per host and run. The first thread that asks opens it, and the
 * others wait. All nodes behind a jump host are channels of its connection, which sshd's
 * MaxSessions does not count. A connection stays open until the process ends. If it could not be
 * opened, it is not tried again; if it broke, it is.
 */
final class JumpHosts {
    private final SshConnector connector;
    private final UserSsh user;
    private final HostKeyPins pins;
    private final Map<JumpHost, FutureTask<SshConnection>> connections = new HashMap<>();

    JumpHosts(SshConnector connector, UserSsh user, HostKeyPins pins) {
        this.connector = connector;
        this.user = user;
        this.pins = pins;
    }

    /**
     * The connection to a jump host.
     *
     * @throws MachineException if there is no connection, the same for every thread that asks
     */
    SshConnection to(JumpHost jump, Passphrases passphrases, boolean pin, Consumer<String> notes) {
        FutureTask<SshConnection> connection =
                connection(jump, () -> open(jump, passphrases, pin, notes));
        connection.run();
        try {
            return connection.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MachineException m
                    ? new MachineException(m.sentence(), m.hint(), m.exitCode(), m)
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw MachineException.interrupted(e);
        }
    }

    private synchronized FutureTask<SshConnection> connection(
            JumpHost jump, Callable<SshConnection> opening) {
        FutureTask<SshConnection> known = connections.get(jump);
        if (known == null
                || (known.state() == FutureTask.State.SUCCESS && !known.resultNow().alive())) {
            known = new FutureTask<>(opening);
            connections.put(jump, known);
        }
        return known;
    }

    private SshConnection open(
            JumpHost jump, Passphrases passphrases, boolean pin, Consumer<String> notes) {
        HostSettings settings = user.settings(jump.host(), jump.user(), jump.port(), notes);
        refuseAnother(jump, settings);
        SshTarget target =
                new SshTarget(
                        settings.hostName().orElse(jump.host()),
                        jump.port().orElse(settings.port().orElse(22)),
                        jump.user().or(settings::user).orElse(user.name()),
                        Optional.empty(),
                        Optional.empty(),
                        jump.host(),
                        Optional.empty(),
                        Optional.empty());
        HostSettings login =
                user.settings(
                        jump.host(),
                        Optional.of(target.user()),
                        OptionalInt.of(target.port()),
                        notes);
        try {
            return connector.connect(
                    target,
                    Optional.empty(),
                    new Credentials(
                            user.offers(Optional.empty(), Optional.empty(), login, notes),
                            passphrases,
                            Optional::empty,
                            "a jump host takes keys only: ssh-copy-id yours to it, ssh-add it, or name it in"
                                    + " ~/.ssh/config (IdentityFile)"),
                    pins.hostKeys(),
                    key ->
                            pins.firstSeen(
                                    target,
                                    key,
                                    pin,
                                    line -> notes.accept("jump host " + jump + ": " + line)),
                    NodeAccess.REACH_TIMEOUT);
        } catch (MachineException e) {
            throw new MachineException("the jump host: " + e.sentence(), e.hint(), e.exitCode(), e);
        }
    }

    private static void refuseAnother(JumpHost jump, HostSettings settings) {
        Optional<String> another = settings.proxyJump().or(settings::proxyCommand);
        boolean itself =
                settings.proxyJump()
                        .flatMap(JumpHost::parse)
                        .filter(it -> it.host().equals(jump.host()))
                        .isPresent();
        if (another.isPresent() && !itself) {
            throw new MachineException(
                    "~/.ssh/config reaches the jump host %s through %s; machine goes through one jump host at most"
                            .formatted(jump, another.get()),
                    "name one that is reached straight with --ssh-jump user@host[:port]",
                    ExitCode.UNREACHABLE);
        }
    }
}
