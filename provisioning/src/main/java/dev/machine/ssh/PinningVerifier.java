package dev.machine.ssh;

import dev.machine.ssh.HostKeys.HostKey;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;

/**
 * Trusts a host's first key and none other after that; refuses before anything is authenticated.
 */
final class PinningVerifier implements HostKeyVerifier {
    private final List<HostKey> pinned;
    private final Consumer<HostKey> firstSeen;
    private final AtomicReference<HostKey> shown = new AtomicReference<>();

    PinningVerifier(List<HostKey> pinned, Consumer<HostKey> firstSeen) {
        this.pinned = pinned;
        this.firstSeen = firstSeen;
    }

    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        HostKey now = HostKey.of(key);
        HostKey before = shown.getAndSet(now);
        if (!pinned.isEmpty()) {
            return pinned.contains(now);
        }
        if (before == null) {
            firstSeen.accept(now);
            return true;
        }
        return before.equals(now);
    }

    /** The key that the host showed. */
    Optional<HostKey> shown() {
        return Optional.ofNullable(shown.get());
    }

    /** Whether the host showed a key that is not the pinned one. */
    boolean refused() {
        return shown().filter(key -> !pinned.isEmpty() && !pinned.contains(key)).isPresent();
    }

    /** Asks the host for the kind of key that is pinned, of the several it may have. */
    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        return pinned.stream()
                .flatMap(
                        key ->
                                key.type().equals("ssh-rsa")
                                        ? List.of("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
                                                .stream()
                                        : List.of(key.type()).stream())
                .toList();
    }
}
