package dev.machine.ssh;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.ssh.Keyring.Unlocked;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.password.PasswordUtils;

/**
 * One login: tries what there is in its order. A server hangs up after some refusals (sshd after
 * six), and an agent may hold more keys than that: then it goes on over a new connection.
 */
final class LogIn {
    private static final int CONNECTIONS = 4;
    private static final Optional<String> HUNG_UP = Optional.of("it hung up");

    private final SshTarget target;
    private final Keyring keyring;
    private final Supplier<SSHClient> connect;
    private final List<String> tried = new ArrayList<>();
    private final List<String> locked = new ArrayList<>();
    private final Set<KeyBlob> unwanted = new HashSet<>();
    private SSHClient client;
    private int connections = 1;
    private boolean gone;

    /**
     * @param connect opens another connection to the same host
     */
    LogIn(SshTarget target, Keyring keyring, Supplier<SSHClient> connect) {
        this.target = target;
        this.keyring = keyring;
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
        for (Offer offer : credentials.keys()) {
            boolean accepted =
                    switch (offer) {
                        case Offer.File file -> file(file, credentials.passphrases());
                        case Offer.InAgent key -> inAgent(key);
                    };
            if (accepted) {
                return false;
            }
        }
        Optional<char[]> password = credentials.password().get();
        if (password.isPresent()) {
            var finder = PasswordUtils.createOneOff(password.get().clone());
            if (accepted(new AuthPassword(finder), "the password")) {
                return true;
            }
        }
        throw nothingHelped(credentials.advice());
    }

    private boolean file(Offer.File offer, Passphrases passphrases) {
        try {
            KeyFile key = KeyFile.read(offer.path());
            if (!key.isPrivate()) {
                return false;
            }
            return wanted(key, offer)
                    && (key.encrypted()
                            ? unlocked(key, offer, passphrases)
                            : accepted(plain(offer), offer.name()));
        } catch (IOException e) {
            tried.add(offer.name() + " (unreadable: " + AtomicFiles.reason(e) + ")");
            return false;
        }
    }

    private AuthPublickey plain(Offer.File offer) throws IOException {
        return new AuthPublickey(client.loadKeys(offer.path().toString()));
    }

    /** A key that the node would not take anyway is not worth a person's passphrase. */
    private boolean wanted(KeyFile key, Offer offer) {
        return key.publicKey().isEmpty()
                || (key.encrypted()
                        ? wouldDo(key.publicKey().get(), offer)
                        : unwanted.add(key.publicKey().get()));
    }

    private boolean unlocked(KeyFile key, Offer offer, Passphrases passphrases) {
        return switch (keyring.unlock(key, passphrases)) {
            case Unlocked.Keys keys -> accepted(new AuthPublickey(keys.pair()), offer.name());
            case Unlocked.Locked lock -> {
                tried.add(offer.name() + " (" + lock.why() + ")");
                locked.add(key.file().toString());
                yield false;
            }
        };
    }

    private boolean inAgent(Offer.InAgent offer) {
        return wouldDo(offer.key(), offer)
                && accepted(PublicKeyMethod.login(offer.key(), offer::sign), offer.name());
    }

    private boolean wouldDo(KeyBlob key, Offer offer) {
        if (!unwanted.add(key)) {
            return false;
        }
        PublicKeyMethod question = PublicKeyMethod.question(key);
        if (attempt(question).isEmpty() || question.wouldDo()) {
            unwanted.remove(key);
            return true;
        }
        tried.add(offer.name());
        return false;
    }

    private boolean accepted(AuthMethod method, String name) {
        Optional<String> why = attempt(method);
        why.ifPresent(reason -> tried.add(reason.isEmpty() ? name : name + " (" + reason + ")"));
        return why.isEmpty();
    }

    /** Empty if it was accepted; an empty reason is the node's plain no. */
    private Optional<String> attempt(AuthMethod method) {
        Optional<String> outcome = once(method);
        // It may have hung up on the tries before, and never looked at this one. A password is
        // blanked by its use.
        boolean again = outcome.equals(HUNG_UP) && !(method instanceof AuthPassword);
        return again && connections < CONNECTIONS ? once(method) : outcome;
    }

    private Optional<String> once(AuthMethod method) {
        try {
            if (gone && connections < CONNECTIONS) {
                connections++;
                client = connect.get();
                gone = false;
            }
            if (gone || !client.isConnected()) {
                gone = true;
                return HUNG_UP;
            }
            client.auth(target.user(), method);
            return Optional.empty();
        } catch (TransportException e) {
            gone = true;
            return HUNG_UP;
        } catch (UserAuthException e) {
            // sshj wraps what went wrong on our side.
            return Optional.of(
                    e.getCause() instanceof UserAuthException cause ? reason(cause) : "");
        }
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
