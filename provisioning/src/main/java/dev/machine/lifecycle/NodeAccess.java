package dev.machine.lifecycle;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.SshTarget;
import dev.machine.ssh.Credentials;
import dev.machine.ssh.HostKeys;
import dev.machine.ssh.HostKeys.HostKey;
import dev.machine.ssh.HostSettings;
import dev.machine.ssh.NodeShell;
import dev.machine.ssh.SshConnector;
import dev.machine.ssh.UserSsh;
import dev.machine.store.MachineRecord;
import dev.machine.store.SshAccess;
import dev.machine.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Logs in to nodes with what the store knows of them: their key, their pinned host key, else the
 * usual places.
 */
final class NodeAccess {
    /** How long a node that should be there is waited for; a rerun goes on. */
    static final Duration REACHABLE = Duration.ofSeconds(15);

    /** How long one that is only looked at is waited for: that it is not there is the finding. */
    static final Duration LOOKED_AT = Duration.ofSeconds(5);

    /** How long one is waited for that was switched on just now. */
    static final Duration BOOTED = Duration.ofMinutes(4);

    private static final Duration STORE_LOCK = Duration.ofSeconds(30);

    private final Store store;
    private final SshConnector connector;
    private final UserSsh user;

    NodeAccess(Store store, SshConnector connector, UserSsh user) {
        this.store = store;
        this.connector = connector;
        this.user = user;
    }

    /** How a machine is reached according to its record. */
    SshTarget target(MachineRecord record) {
        SshAccess access =
                record.ssh()
                        .orElseThrow(
                                () ->
                                        new MachineException(
                                                record.name()
                                                        + " has no SSH: its driver is "
                                                        + record.driver()));
        return new SshTarget(
                access.address(),
                access.port(),
                access.user(),
                access.key().map(file -> store.machine(record.name()).resolve(file)));
    }

    /** Logs in. With {@code pin} false a first host key is trusted for this run only. */
    NodeShell connect(
            SshTarget target,
            Lifecycle.Passwords passwords,
            boolean pin,
            Duration patience,
            Consumer<String> notes) {
        HostKeys hostKeys = new HostKeys(store.knownHosts());
        Credentials credentials =
                new Credentials(
                        user.offers(target.key(), HostSettings.NONE, notes),
                        passwords::passphrase,
                        () -> passwords.ssh(target.user() + "@" + target.address()));
        return connector.connect(
                target,
                credentials,
                hostKeys,
                key -> firstSeen(hostKeys, target, key, pin, notes),
                patience);
    }

    private void firstSeen(
            HostKeys hostKeys, SshTarget target, HostKey key, boolean pin, Consumer<String> notes) {
        notes.accept("host key " + key + (pin ? " pinned" : ""));
        if (pin) {
            try (var lock = store.lockStore(STORE_LOCK)) {
                hostKeys.pin(target.address(), target.port(), key);
            }
        }
    }

    /**
     * Pins the host key that a machine was given when it was made, instead of what was pinned for
     * the one that had its address before: clouds give addresses out again.
     *
     * @param line as {@code ssh-ed25519 AAAA…}
     */
    void pinGiven(SshTarget target, String line) {
        String[] words = line.split(" ", 3);
        HostKey given = new HostKey(words[0], words[1]);
        HostKeys hostKeys = new HostKeys(store.knownHosts());
        try (var lock = store.lockStore(STORE_LOCK)) {
            if (!hostKeys.pinned(target.address(), target.port()).equals(List.of(given))) {
                hostKeys.forget(target.address(), target.port());
                hostKeys.pin(target.address(), target.port(), given);
            }
        }
    }

    /** The pinned keys of a machine, as its record shows them. */
    List<String> pinned(SshTarget target) {
        return new HostKeys(store.knownHosts())
                .pinned(target.address(), target.port()).stream().map(HostKey::toString).toList();
    }

    /**
     * Forgets the host key of a machine that is being removed, unless another machine has the same
     * address.
     */
    void forget(MachineRecord record) {
        record.ssh()
                .ifPresent(
                        access -> {
                            boolean shared =
                                    store.names().stream()
                                            .filter(name -> !name.equals(record.name()))
                                            .flatMap(name -> quietly(name).stream())
                                            .anyMatch(
                                                    other ->
                                                            other.ssh()
                                                                    .filter(
                                                                            ssh ->
                                                                                    same(
                                                                                            ssh,
                                                                                            access))
                                                                    .isPresent());
                            if (!shared) {
                                try (var lock = store.lockStore(STORE_LOCK)) {
                                    new HostKeys(store.knownHosts())
                                            .forget(access.address(), access.port());
                                }
                            }
                        });
    }

    private Optional<MachineRecord> quietly(String name) {
        try {
            return store.find(name);
        } catch (MachineException e) {
            // A broken record of another machine must not keep this one from being removed.
            return Optional.empty();
        }
    }

    private static boolean same(SshAccess one, SshAccess other) {
        return one.address().equals(other.address()) && one.port() == other.port();
    }

    /**
     * Copies a key that the user named into the machine's folder, so that the store stands alone.
     */
    Optional<String> adopt(String machine, Optional<Path> key) {
        return key.map(
                file -> {
                    Path copy = store.machine(machine).resolve(file.getFileName().toString());
                    if (!file.equals(copy)) {
                        try {
                            AtomicFiles.write(copy, Files.readAllBytes(file), AtomicFiles.PRIVATE);
                        } catch (IOException e) {
                            throw new MachineException(
                                    "cannot read the SSH key "
                                            + file
                                            + ": "
                                            + AtomicFiles.reason(e),
                                    "name an existing private key",
                                    ExitCode.PRE_CREATE_CHECK,
                                    e);
                        }
                    }
                    return copy.getFileName().toString();
                });
    }
}
