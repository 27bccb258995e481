package dev.machine.provisioning.ssh;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.SshRequest;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import java.security.PublicKey;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;

/**
 * Decides whether a host is the right one, before authentication. A key that the user revoked is
 * never accepted, and a key that was accepted stays accepted until the end of the run. A pinned key
 * comes first; then a certificate of an authority that the user trusts for this host; then the
 * fingerprint that the user named; then, in strict mode, the user's own {@code known_hosts};
 * otherwise the first key seen is accepted. For a certificate the key inside counts, so a renewed
 * certificate changes nothing. One instance serves one host, one connection after the other.
 */
final class HostKeyCheck implements HostKeyVerifier {
    /** The kinds of host keys, the preferred one first. */
    private static final List<String> KEY_TYPES =
            List.of("ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256");

    private static final int MAX_KEYS_CHECKED = 4;

    private final UserKnownHosts user;
    private final String name;
    private final String host;
    private final HostKeys pins;
    private final List<HostKey> pinned;
    private final Optional<String> trust;
    private final List<HostKey> vouched;
    private final List<HostKey> authorities;
    private final List<HostKey> revoked;
    private final Clock clock;
    private final Consumer<HostKey> firstSeen;
    private final List<HostKey> shown = new CopyOnWriteArrayList<>();
    private volatile Optional<HostKey> accepted;
    private volatile Optional<String> objection = Optional.empty();
    private volatile boolean askedForCertificate;
    private volatile boolean untold;
    private int keysChecked;

    /**
     * @param earlier the key that was accepted earlier in this run
     * @param user what the user's own files say about the host
     * @param firstSeen is told a new key that is accepted
     */
    HostKeyCheck(
            SshTarget target,
            HostKeys pins,
            Optional<HostKey> earlier,
            UserKnownHosts user,
            Clock clock,
            Consumer<HostKey> firstSeen) {
        this.user = user;
        this.name = user.name(target.address());
        this.host = HostKeys.host(target.address(), target.port());
        this.pins = pins;
        this.pinned = pins.pinned(target.address(), target.port());
        this.accepted = earlier.filter(key -> pinned.isEmpty());
        this.trust = target.trust();
        this.vouched = user.keys(target.address(), target.port());
        this.authorities = user.authorities(target.address(), target.port());
        this.revoked = user.revoked(target.address(), target.port());
        this.clock = clock;
        this.firstSeen = firstSeen;
    }

    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        HostKey now = HostKey.of(key);
        shown.add(now);
        if (revoked.contains(now)) {
            return false;
        }
        if (accepted.isPresent()) {
            return accepted.get().equals(now);
        }
        if (pinned.contains(now)) {
            accepted = Optional.of(now);
            return true;
        }
        if (!believed(key, now)) {
            return false;
        }
        accepted = Optional.of(now);
        untold = true;
        return true;
    }

    /** Reports a newly accepted key; in the caller's thread, not in sshj's. */
    void tell() {
        if (untold) {
            untold = false;
            accepted.ifPresent(firstSeen);
        }
    }

    /** Whether to accept a key that is not pinned. */
    private boolean believed(PublicKey key, HostKey now) {
        boolean named = trust.isPresent() && !strict();
        if (!named && HostCertificate.of(key).filter(this::counts).isPresent()) {
            return true;
        }
        if (!pinned.isEmpty()) {
            return false;
        }
        if (strict()) {
            return vouched.contains(now);
        }
        return trust.isEmpty() || trust.get().replace("=", "").equals(now.fingerprint());
    }

    private boolean counts(HostCertificate certificate) {
        Optional<HostKey> authority = certificate.authority();
        if (authority.isEmpty()
                || !authorities.contains(authority.get())
                || revoked.contains(authority.get())) {
            return false;
        }
        objection = certificate.objection(name, clock.instant());
        return objection.isEmpty();
    }

    private boolean strict() {
        return trust.filter(SshRequest.STRICT::equals).isPresent();
    }

    /** The accepted key. */
    Optional<HostKey> accepted() {
        return accepted;
    }

    /** Whether the host showed a key that was not accepted. */
    boolean refused() {
        return !shown.isEmpty()
                && (!shown.getLast().equals(accepted.orElse(null))
                        || revoked.contains(shown.getLast()));
    }

    /**
     * Whether the host may have the expected key beside the one that it showed, because it shows
     * one at a time. The number of attempts is limited.
     */
    boolean mayHaveExpectedKey() {
        if (accepted.isPresent()
                || ++keysChecked >= MAX_KEYS_CHECKED
                || revoked.contains(shown.getLast())) {
            return false;
        }
        if (!authorities.isEmpty() && !askedForCertificate) {
            return true;
        }
        return pinned.isEmpty()
                && trust.isPresent()
                && shown.stream().map(HostKey::type).distinct().count() == shown.size();
    }

    MachineException refusal() {
        HostKey last = shown.getLast();
        if (revoked.contains(last)) {
            return new MachineException(
                    "%s has the host key %s, which %s has as @revoked; nothing was sent to it"
                            .formatted(host, last, user.revoking(last).orElseThrow()),
                    "is it the right machine? if it is, give it a new host key",
                    ExitCode.HOST_KEY_CHANGED);
        }
        if (!pinned.isEmpty()) {
            return pins.changed(host, last, pinned, why());
        }
        if (accepted.isPresent()) {
            return new MachineException(
                    "%s showed the host key %s and now, in the same run, %s; nothing was sent to the second"
                            .formatted(host, accepted.get(), last),
                    "do two machines have this address?",
                    ExitCode.HOST_KEY_CHANGED);
        }
        if (strict()) {
            return new MachineException(
                    "the host key of %s is not known: %s%s; nothing was sent to it"
                            .formatted(host, last, why()),
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

    /** Why a certificate of a trusted authority was not accepted. */
    private String why() {
        return objection
                .map(reason -> " (its certificate does not count: " + reason + ")")
                .orElse("");
    }

    /** Asks the host for the expected kind of key. */
    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        if (accepted.isPresent()) {
            return algorithms(accepted.get().type());
        }
        if (!authorities.isEmpty()
                && (pinned.isEmpty() || !shown.isEmpty())
                && !askedForCertificate) {
            askedForCertificate = true;
            return HostCertificate.ALGORITHMS;
        }
        if (!pinned.isEmpty()) {
            return pinned.stream().flatMap(key -> algorithms(key.type()).stream()).toList();
        }
        List<String> seen = shown.stream().flatMap(key -> algorithms(key.type()).stream()).toList();
        List<String> known =
                vouched.stream()
                        .flatMap(key -> algorithms(key.type()).stream())
                        .filter(kind -> !seen.contains(kind))
                        .toList();
        if (strict() && !known.isEmpty()) {
            return known;
        }
        return seen.isEmpty()
                ? List.of()
                : KEY_TYPES.stream().filter(kind -> !seen.contains(kind)).toList();
    }

    private static List<String> algorithms(String type) {
        return type.equals("ssh-rsa")
                ? List.of("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
                : List.of(type);
    }
}
