package dev.machine.provisioning.lifecycle;

import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.HostKeys;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import dev.machine.provisioning.ssh.SshTarget;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.SshAccess;
import dev.machine.provisioning.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Pins host keys in a store and forgets them. */
final class HostKeyPins {
    private static final Duration STORE_LOCK_TIMEOUT = Duration.ofSeconds(30);

    private final Store store;

    HostKeyPins(Store store) {
        this.store = store;
    }

    HostKeys hostKeys() {
        return new HostKeys(store.knownHosts());
    }

    /** Accepts a key of a host that was not pinned. */
    void firstSeen(SshTarget target, HostKey key, boolean pin, Consumer<String> notes) {
        notes.accept("host key " + key + (pin ? " pinned" : ""));
        if (pin) {
            try (var lock = store.lockStore(STORE_LOCK_TIMEOUT)) {
                // A host certificate may have replaced the pinned key.
                hostKeys().forget(target.address(), target.port());
                hostKeys().pin(target.address(), target.port(), key);
            }
        }
    }

    /**
     * Pins the host key that a machine got when it was made. It replaces a key that was pinned for
     * an earlier machine at the same address, because clouds reuse addresses.
     *
     * @param line as {@code ssh-ed25519 AAAA…}
     */
    void pinGiven(SshTarget target, String line) {
        String[] words = line.split(" ", 3);
        HostKey given = new HostKey(words[0], words[1]);
        HostKeys hostKeys = hostKeys();
        try (var lock = store.lockStore(STORE_LOCK_TIMEOUT)) {
            if (!hostKeys.pinned(target.address(), target.port()).equals(List.of(given))) {
                hostKeys.forget(target.address(), target.port());
                hostKeys.pin(target.address(), target.port(), given);
            }
        }
    }

    /** The pinned keys of a machine, as its record shows them. */
    List<String> pinned(SshTarget target) {
        return hostKeys().pinned(target.address(), target.port()).stream()
                .map(HostKey::toString)
                .toList();
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
                                try (var lock = store.lockStore(STORE_LOCK_TIMEOUT)) {
                                    hostKeys().forget(access.address(), access.port());
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
}
