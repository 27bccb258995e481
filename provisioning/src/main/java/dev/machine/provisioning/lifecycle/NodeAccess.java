package dev.machine.provisioning.lifecycle;

import dev.machine.common.AtomicFiles;
import dev.machine.common.EngineCall;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.JumpHost;
import dev.machine.driver.SshOptions;
import dev.machine.driver.SshRequest;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.ssh.Credentials;
import dev.machine.provisioning.ssh.HostSettings;
import dev.machine.provisioning.ssh.KeyCopy;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.SshConnector;
import dev.machine.provisioning.ssh.SshTarget;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.SshAccess;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Logs in to nodes with the keys and pinned host keys of the store, or else with the user's SSH
 * keys and configuration.
 */
final class NodeAccess {
    /** How long to wait for a node that should be up. */
    static final Duration REACH_TIMEOUT = Duration.ofSeconds(15);

    /** How long the doctor waits for a node: an unreachable node is a finding. */
    static final Duration EXAMINE_TIMEOUT = Duration.ofSeconds(5);

    /** How long to wait for a node that was switched on just now. */
    static final Duration BOOT_TIMEOUT = Duration.ofMinutes(4);

    private final Store store;
    private final SshConnector connector;
    private final UserSsh user;
    private final HostKeyPins pins;
    private final JumpHosts jumps;

    NodeAccess(Store store, SshConnector connector, UserSsh user) {
        this.store = store;
        this.connector = connector;
        this.user = user;
        this.pins = new HostKeyPins(store);
        this.jumps = new JumpHosts(connector, user, pins);
    }

    /** The pinned host keys. */
    HostKeyPins pins() {
        return pins;
    }

    /**
     * How a new machine is reached: what its driver says, completed by the user's SSH
     * configuration.
     */
    SshTarget resolve(SshRequest request, Consumer<String> notes) {
        HostSettings settings =
                user.settings(request.address(), request.user(), request.port(), notes);
        return new SshTarget(
                settings.hostName().orElse(request.address()),
                request.port().orElse(settings.port().orElse(22)),
                request.user().or(settings::user).orElse("root"),
                request.key(),
                jump(request, settings),
                request.address(),
                request.trust(),
                Optional.empty());
    }

    private static Optional<JumpHost> jump(SshRequest request, HostSettings settings) {
        if (request.jump().isPresent()) {
            return request.jump().filter(jump -> !jump.none());
        }
        settings.proxyCommand()
                .ifPresent(
                        command -> {
                            throw new MachineException(
                                    "~/.ssh/config reaches %s by a ProxyCommand, which machine does not run"
                                            .formatted(request.address()),
                                    "name a jump host with --ssh-jump user@host[:port], or go straight with"
                                            + " --ssh-jump none",
                                    ExitCode.UNREACHABLE);
                        });
        return settings.proxyJump()
                .map(
                        text ->
                                JumpHost.parse(text)
                                        .orElseThrow(
                                                () ->
                                                        new MachineException(
                                                                "~/.ssh/config reaches %s through %s; machine goes"
                                                                                .formatted(
                                                                                        request
                                                                                                .address(),
                                                                                        text)
                                                                        + " through one jump host at most",
                                                                "name one with --ssh-jump user@host[:port]",
                                                                ExitCode.UNREACHABLE)));
    }

    /** How a machine is reached according to its record. */
    SshTarget target(MachineRecord record) {
        SshAccess access = record.requiredSsh();
        return new SshTarget(
                access.address(),
                access.port(),
                access.user(),
                access.key().map(file -> store.machine(record.name()).resolve(file)),
                access.jump().flatMap(JumpHost::parse),
                SshOptions.typed(record.driverState()).orElse(access.address()),
                SshOptions.trust(record.driverState()),
                SshOptions.key(record.driverState()));
    }

    /** Logs in. With {@code pin} false a first host key is trusted for this run only. */
    NodeShell connect(
            SshTarget target,
            String keyHint,
            Lifecycle.Passwords passwords,
            boolean pin,
            Duration patience,
            Consumer<String> notes) {
        HostSettings settings =
                user.settings(
                        target.typed(),
                        Optional.of(target.user()),
                        OptionalInt.of(target.port()),
                        notes);
        Credentials credentials =
                new Credentials(
                        user.offers(target.key(), target.original(), settings, notes),
                        passwords::passphrase,
                        () -> passwords.ssh(target.login()),
                        keyHint);
        return connector.connect(
                target,
                target.jump().map(jump -> jumps.to(jump, passwords::passphrase, pin, notes)),
                credentials,
                pins.hostKeys(),
                key -> pins.firstSeen(target, key, pin, notes),
                patience);
    }

    /** Asks a machine's engine, through its jump host if it has one. */
    EngineProbe engines(MachineRecord record, EngineProbe straight) {
        return record.ssh()
                .flatMap(SshAccess::jump)
                .flatMap(JumpHost::parse)
                .map(jump -> straight.dialling(dialer(jump)))
                .orElse(straight);
    }

    /** No passphrase is asked for, because a look at the engine must not block. */
    private EngineCall.Dialer dialer(JumpHost jump) {
        return (host, port, deadline) -> {
            FutureTask<Socket> dialling =
                    new FutureTask<>(
                            () ->
                                    jumps.to(jump, key -> Optional.empty(), false, note -> {})
                                            .dial(host, port));
            Thread.ofVirtual().start(dialling);
            try {
                return dialling.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new IOException(
                        "no answer through %s within %d s".formatted(jump, deadline.toSeconds()),
                        e);
            } catch (ExecutionException e) {
                throw new IOException("not through %s: %s".formatted(jump, said(e.getCause())), e);
            } catch (InterruptedException e) {
                throw MachineException.interrupted(e);
            }
        };
    }

    private static String said(@Nullable Throwable e) {
        return switch (e) {
            case MachineException m -> m.sentence();
            case IOException io -> AtomicFiles.reason(io);
            case null, default -> String.valueOf(e);
        };
    }

    /**
     * Copies a key of the user into the machine's folder, so that the store is complete; the copy
     * of a former key is deleted.
     */
    Optional<String> adopt(MachineRecord record, Optional<Path> key) {
        String machine = record.name();
        Optional<String> copied =
                key.map(
                        file -> {
                            Path copy = store.keyCopy(machine, file);
                            if (!file.equals(copy)) {
                                KeyCopy.write(file, copy);
                            }
                            return copy.getFileName().toString();
                        });
        record.ssh()
                .flatMap(SshAccess::key)
                .filter(former -> copied.isPresent() && !copied.get().equals(former))
                .ifPresent(former -> store.forgetKey(machine, former));
        return copied;
    }
}
