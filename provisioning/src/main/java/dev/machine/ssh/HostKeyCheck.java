package dev.machine.ssh;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.SshRequest;
import dev.machine.ssh.HostKeys.HostKey;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;

/**
 * Decides whether a host is the one that is meant, before anything is authenticated. A pinned key
 * goes before all; else the fingerprint that the user named; else, for the strict, what the user's
 * own {@code known_hosts} says; else the first key that is seen. Used for one host, by one
 * connection after the other.
 */
final class HostKeyCheck implements HostKeyVerifier {
    /** What hosts have, in the order of what they should show. */
    private static final List<String> KINDS =
            List.of("ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256");

    private final String host;
    private final HostKeys pins;
    private final List<HostKey> pinned;
    private final Optional<String> trust;
    private final HostKeyVerifier vouched;
    private final Consumer<HostKey> firstSeen;
    private final List<HostKey> shown = new CopyOnWriteArrayList<>();
    private volatile Optional<HostKey> accepted = Optional.empty();

    /**
     * @param vouched the user's own {@code known_hosts}
     * @param firstSeen told a key that was not pinned and is believed
     */
    HostKeyCheck(
            SshTarget target, HostKeys pins, HostKeyVerifier vouched, Consumer<HostKey> firstSeen) {
        this.host = HostKeys.host(target.address(), target.port());
        this.pins = pins;
        this.pinned = pins.pinned(target.address(), target.port());
        this.trust = target.trust();
        this.vouched = vouched;
        this.firstSeen = firstSeen;
    }

    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        HostKey now = HostKey.of(key);
        shown.add(now);
        if (accepted.isPresent()) {
            return accepted.get().equals(now);
        }
        if (!believed(hostname, port, key, now)) {
            return false;
        }
        accepted = Optional.of(now);
        if (pinned.isEmpty()) {
            firstSeen.accept(now);
        }
        return true;
    }

    private boolean believed(String hostname, int port, PublicKey key, HostKey now) {
        if (!pinned.isEmpty()) {
            return pinned.contains(now);
        }
        if (strict()) {
            return vouched.verify(hostname, port, key);
        }
        return trust.isEmpty() || trust.get().replace("=", "").equals(now.fingerprint());
    }

    private boolean strict() {
        return trust.filter(SshRequest.STRICT::equals).isPresent();
    }

    /** The key that was believed. */
    Optional<HostKey> accepted() {
        return accepted;
    }

    /** Whether the host showed a key that is not believed. */
    boolean refused() {
        return !shown.isEmpty() && !shown.getLast().equals(accepted.orElse(null));
    }

    /** Whether the host may have the named key beside the one it showed: it shows one at a time. */
    boolean worthAnotherLook() {
        return pinned.isEmpty()
                && accepted.isEmpty()
                && trust.isPresent()
                && shown.size() < 3
                && shown.stream().map(HostKey::type).distinct().count() == shown.size();
    }

    MachineException refusal() {
        HostKey last = shown.getLast();
        if (!pinned.isEmpty() || accepted.isPresent()) {
            return pins.changed(host, last, accepted.map(List::of).orElse(pinned));
        }
        if (strict()) {
            return new MachineException(
                    "the host key of %s is not known: %s; nothing was sent to it"
                            .formatted(host, last),
                    "compare it on the node itself, `ssh-keygen -lf` prints it there, and name it with"
                            + " --ssh-host-key "
                            + last.fingerprint(),
                    ExitCode.UNREACHABLE);
        }
        return new MachineException(
                "%s has the host key %s, not the one that was named, %s; nothing was sent to it"
                        .formatted(host, last, trust.orElse("")),
                "is it the right machine? `ssh-keygen -lf` on it prints its keys",
                ExitCode.HOST_KEY_CHANGED);
    }

    /** Asks the host for the kind of key that is expected, of the several it may have. */
    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        if (!pinned.isEmpty()) {
            return pinned.stream().flatMap(key -> algorithms(key.type()).stream()).toList();
        }
        if (strict() && shown.isEmpty()) {
            return vouched.findExistingAlgorithms(hostname, port);
        }
        List<String> seen = shown.stream().flatMap(key -> algorithms(key.type()).stream()).toList();
        return seen.isEmpty()
                ? List.of()
                : KINDS.stream().filter(kind -> !seen.contains(kind)).toList();
    }

    private static List<String> algorithms(String type) {
        return type.equals("ssh-rsa")
                ? List.of("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
                : List.of(type);
    }
}
