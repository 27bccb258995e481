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
 * Decides whether a host is the one that is meant, before anything is authenticated. What the user
 * revoked is never believed, and what was believed once is believed to the end of the run. Then a
 * pinned key goes before all; else a certificate of an authority that the user believes for this
 * host; else the fingerprint that the user named; else, for the strict, what the user's own {@code
 * known_hosts} says; else the first key that is seen. Of a certificate the key inside is meant, so
 * that a renewed one changes nothing. Used for one host, by one connection after the other.
 */
final class HostKeyCheck implements HostKeyVerifier {
    /** What hosts have, in the order of what they should show. */
    private static final List<String> KINDS =
            List.of("ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256");

    private static final int MOST_LOOKS = 4;

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
    private int looks;

    /**
     * @param earlier the key that was believed in this run already
     * @param user what the user's own files say of the host
     * @param firstSeen told a key that was not pinned and is believed
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

    /** Tells a key that was believed just now; in the caller's thread, not in that of sshj. */
    void tell() {
        if (untold) {
            untold = false;
            accepted.ifPresent(firstSeen);
        }
    }

    /** Whether to believe a key that is not pinned. */
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

    /** The key that was believed. */
    Optional<HostKey> accepted() {
        return accepted;
    }

    /** Whether the host showed a key that is not believed. */
    boolean refused() {
        return !shown.isEmpty()
                && (!shown.getLast().equals(accepted.orElse(null))
                        || revoked.contains(shown.getLast()));
    }

    /**
     * Whether the host may have what is wanted beside the key that it showed: it shows one at a
     * time. Each answer is a look, and there are not many.
     */
    boolean worthAnotherLook() {
        if (accepted.isPresent() || ++looks >= MOST_LOOKS || revoked.contains(shown.getLast())) {
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

    /** Why a certificate of somebody whom the user believes did not help. */
    private String why() {
        return objection
                .map(reason -> " (its certificate does not count: " + reason + ")")
                .orElse("");
    }

    /** Asks the host for the kind of key that is expected, of the several it may have. */
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
                : KINDS.stream().filter(kind -> !seen.contains(kind)).toList();
    }

    private static List<String> algorithms(String type) {
        return type.equals("ssh-rsa")
                ? List.of("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
                : List.of(type);
    }
}
