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
 * One login: tries what there is in its order. A server hangs up after some refusals (sshd's {@code
 * MaxAuthTries}, six if nobody says otherwise, and possibly one), and an agent may hold more keys
 * than that: then it goes on over a new connection.
 */
final class Authentication {
    /** More keys than this are in no agent; each may cost a connection. */
    private static final int CONNECTIONS = 40;

    /**
     * What OpenSSH says instead of a refusal when it hangs up after it (auth_maxtries_exceeded).
     * Other servers, with other words, do so before they look at a try.
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

    /** How one try ended. */
    private sealed interface Outcome {
        record LoggedIn() implements Outcome {}

        /**
         * It did not help.
         *
         * @param why empty for the node's plain no
         */
        record Refused(String why) implements Outcome {}

        /** The node hung up, and it is not known whether it looked at this try. */
        record HungUp() implements Outcome {}
    }

    /**
     * @param clock by which the node's clock is guessed, to say why it refused a certificate
     * @param connect opens another connection to the same host
     */
    Authentication(SshTarget target, Keyring keyring, Clock clock, Supplier<SSHClient> connect) {
        this.target = target;
        this.keyring = keyring;
        this.clock = clock;
        this.connect = connect;
        this.client = connect.get();
    }

    /** The connection, logged in or not; the caller closes it. */
    SSHClient client() {
        return client;
    }

    /**
     * Logs in.
     *
     * @return whether the password was what let us in
     * @throws MachineException exit 6, naming everything that was tried
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

    /** sshj blanks what it has used. */
    private static AuthPassword method(char[] password) {
        return new AuthPassword(PasswordUtils.createOneOff(password.clone()));
    }

    private boolean file(KeyCandidate.File offer, Passphrases passphrases) {
        try {
            KeyFile key = KeyFile.read(offer.path());
            if (!key.isPrivate()) {
                // Its private half may be in an agent: then that was tried before.
                if (key.publicKey().filter(unwanted::contains).isEmpty()) {
                    tried.add(offer.name() + notPrivate(key));
                }
                return false;
            }
            // A key that the node would not take anyway is not worth a person's passphrase.
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
     * Tries once, and once more where the host has hung up: on the tries before, or because a
     * person took long to type. The first try of a connection was looked at in any case.
     */
    private Outcome attempt(Supplier<AuthMethod> method) {
        Outcome outcome = once(method.get());
        boolean lookedAt = triesOnThis <= 1;
        return outcome instanceof Outcome.HungUp && !lookedAt && connections < CONNECTIONS
                ? once(method.get())
                : outcome;
    }

    private Outcome once(AuthMethod method) {
        if (gone || !client.isConnected()) {
            if (connections >= CONNECTIONS) {
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
            // sshj wraps what went wrong on our side.
            return new Outcome.Refused(
                    e.getCause() instanceof UserAuthException own ? reason(own) : "");
        } catch (RuntimeException e) {
            // It ended between two tries, or what it says cannot be understood.
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
