package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.Keyring.Unlocked;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.password.PasswordUtils;

/**
 * One login: tries the keys and the password in order. A server disconnects after some refused keys
 * (sshd's {@code MaxAuthTries}, 6 by default, possibly 1), and an agent may hold more keys than
 * that; then the login continues over a new connection.
 */
final class Authentication {
    /** No agent holds more keys; each key may cost one connection. */
    private static final int MAX_CONNECTIONS = 40;

    /**
     * OpenSSH disconnects with these words after too many refusals (auth_maxtries_exceeded). Other
     * servers disconnect before they check a try.
     */
    private static final String TOO_MANY = "Too many authentication failures";

    private final SshTarget target;
    private final Keyring keyring;
    private final Clock clock;
    private final Supplier<SSHClient> connect;
    private final List<String> tried = new ArrayList<>();
    private final List<String> locked = new ArrayList<>();
    private final Set<KeyBlob> unwanted = new HashSet<>();
    private SSHClient client;
    private int connections = 1;
    private int triesOnThis;
    private boolean gone;

    /** The result of one try. */
    private sealed interface Outcome {
        record LoggedIn() implements Outcome {}

        /**
         * It was refused.
         *
         * @param why empty for a plain refusal by the node
         */
        record Refused(String why) implements Outcome {}

        /** The node disconnected; it may not have checked this try. */
        record HungUp() implements Outcome {}
    }

    /**
     * @param clock used to guess the node's time, to explain a refused certificate
     * @param connect opens another connection to the same host
     */
    Authentication(SshTarget target, Keyring keyring, Clock clock, Supplier<SSHClient> connect) {
        this.target = target;
        this.keyring = keyring;
        this.clock = clock;
        this.connect = connect;
        this.client = connect.get();
    }

    /** The connection, logged in or not. The caller closes it. */
    SSHClient client() {
        return client;
    }

    /**
     * Logs in.
     *
     * @return true if the password was used
     * @throws MachineException exit 6; the message names everything that was tried
     */
    boolean byPassword(Credentials credentials) {
        for (KeyCandidate offer : credentials.keys()) {
            boolean accepted =
                    switch (offer) {
                        case KeyCandidate.File file -> file(file, credentials.passphrases());
                        case KeyCandidate.InAgent key -> inAgent(key);
                    };
            if (accepted) {
                return false;
            }
        }
        Optional<char[]> password = credentials.password().get();
        if (password.isPresent() && accepted(() -> method(password.get()), "the password")) {
            return true;
        }
        throw nothingHelped(credentials.advice());
    }

    /** A copy, because sshj clears the array after use. */
    private static AuthPassword method(char[] password) {
        return new AuthPassword(PasswordUtils.createOneOff(password.clone()));
    }

    private boolean file(KeyCandidate.File offer, Passphrases passphrases) {
        try {
            KeyFile key = KeyFile.read(offer.path());
            if (!key.isPrivate()) {
                // An agent may hold its private half; then it was tried before.
                if (key.publicKey().filter(unwanted::contains).isEmpty()) {
                    tried.add(offer.name() + notPrivate(key));
                }
                return false;
            }
            // Do not ask for a passphrase if the node would not accept the key anyway.
            if (key.encrypted() && key.publicKey().isPresent()) {
                for (KeyBlob shown : offer.shown(key.publicKey().get())) {
                    if (wouldDo(shown, name(offer, shown))) {
                        return logIn(offer, shown, keyring.unlock(key, passphrases));
                    }
                }
                return false;
            }
            Unlocked unlocked = keyring.unlock(key, passphrases);
            if (unlocked instanceof Unlocked.Key local) {
                for (KeyBlob shown : offer.shown(local.key().publicKey())) {
                    if (wouldDo(shown, name(offer, shown)) && logIn(offer, shown, unlocked)) {
                        return true;
                    }
                }
                return false;
            }
            return logIn(offer, new KeyBlob(""), unlocked);
        } catch (IOException e) {
            tried.add(offer.name() + " (unreadable: " + AtomicFiles.reason(e) + ")");
            return false;
        }
    }

    private static String notPrivate(KeyFile key) {
        return key.publicKey().isPresent()
                ? " (a public key; a file with the private key or an agent that has it is needed)"
                : " (it contains no private key)";
    }

    private boolean logIn(KeyCandidate.File offer, KeyBlob shown, Unlocked unlocked) {
        return switch (unlocked) {
            case Unlocked.Key local ->
                    accepted(() -> PublicKeyMethod.login(shown, local.key()), name(offer, shown));
            case Unlocked.Locked lock -> {
                tried.add(offer.name() + " (" + lock.why() + ")");
                locked.add(offer.path().toString());
                yield false;
            }
        };
    }

    private boolean inAgent(KeyCandidate.InAgent offer) {
        String name = name(offer, offer.shown());
        return wouldDo(offer.shown(), name)
                && accepted(() -> PublicKeyMethod.login(offer.shown(), offer::sign), name);
    }

    private String name(KeyCandidate offer, KeyBlob shown) {
        if (!shown.isCertificate()) {
            return offer.name();
        }
        return offer.name()
                + " with its certificate"
                + UserCertificate.of(shown)
                        .flatMap(it -> it.objection(target.user(), clock.instant()))
                        .map(", "::concat)
                        .orElse("");
    }

    private boolean wouldDo(KeyBlob key, String name) {
        if (!unwanted.add(key)) {
            return false;
        }
        PublicKeyMethod[] question = new PublicKeyMethod[1];
        Outcome outcome =
                attempt(
                        () -> {
                            question[0] = PublicKeyMethod.question(key);
                            return question[0];
                        });
        if (outcome instanceof Outcome.LoggedIn || question[0].wouldDo()) {
            unwanted.remove(key);
            return true;
        }
        tried.add(name + remark(outcome));
        return false;
    }

    private boolean accepted(Supplier<AuthMethod> method, String name) {
        Outcome outcome = attempt(method);
        if (outcome instanceof Outcome.LoggedIn) {
            return true;
        }
        tried.add(name + remark(outcome));
        return false;
    }

    private static String remark(Outcome outcome) {
        return switch (outcome) {
            case Outcome.LoggedIn in -> "";
            case Outcome.Refused no -> no.why().isEmpty() ? "" : " (" + no.why() + ")";
            case Outcome.HungUp hungUp -> " (it hung up)";
        };
    }

    /**
     * Tries once, and a second time if the host disconnected because of earlier tries or because
     * the user took long to type. The first try of a connection is always checked by the host.
     */
    private Outcome attempt(Supplier<AuthMethod> method) {
        Outcome outcome = once(method.get());
        boolean lookedAt = triesOnThis <= 1;
        return outcome instanceof Outcome.HungUp && !lookedAt && connections < MAX_CONNECTIONS
                ? once(method.get())
                : outcome;
    }

    private Outcome once(AuthMethod method) {
        if (gone || !client.isConnected()) {
            if (connections >= MAX_CONNECTIONS) {
                gone = true;
                return new Outcome.HungUp();
            }
            connections++;
            client = connect.get();
            gone = false;
            triesOnThis = 0;
        }
        triesOnThis++;
        try {
            client.auth(target.user(), method);
            return new Outcome.LoggedIn();
        } catch (UserAuthException | TransportException e) {
            Optional<Throwable> broke = cause(e, TransportException.class);
            if (broke.isPresent()) {
                gone = true;
                return TOO_MANY.equals(broke.get().getMessage())
                        ? new Outcome.Refused("")
                        : new Outcome.HungUp();
            }
            if (cause(e, TimeoutException.class).isPresent()) {
                gone = true;
                return new Outcome.Refused("it did not answer");
            }
            // sshj wraps errors of our own side.
            return new Outcome.Refused(
                    e.getCause() instanceof UserAuthException own ? reason(own) : "");
        } catch (RuntimeException e) {
            // The connection ended between two tries, or the host's words were not understood.
            gone = true;
            return new Outcome.HungUp();
        }
    }

    private static Optional<Throwable> cause(Throwable error, Class<?> type) {
        int depth = 0;
        for (Throwable next = error; next != null && depth < 10; next = next.getCause()) {
            if (type.isInstance(next)) {
                return Optional.of(next);
            }
            depth++;
        }
        return Optional.empty();
    }

    private static String reason(UserAuthException e) {
        return e.getCause() instanceof IOException cause ? AtomicFiles.reason(cause) : "";
    }

    private MachineException nothingHelped(String advice) {
        String sentence =
                tried.isEmpty()
                        ? "there is nothing to log in to %s with: no key was named, no agent has one, ~/.ssh has none, and no password was given"
                                .formatted(target.login())
                        : "%s refused every way to log in; tried: %s"
                                .formatted(target.login(), String.join("; ", tried));
        return new MachineException(
                sentence,
                locked.isEmpty()
                        ? advice
                        : "run `ssh-add "
                                + locked.getFirst()
                                + "` first, or run this on a terminal",
                ExitCode.UNREACHABLE);
    }
}
