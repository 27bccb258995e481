package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What one run has learnt of the user's keys: the agent is asked once for what it holds, and a
 * person once for a key's passphrase, however many nodes there are and wherever copies of the key
 * lie. Thread-safe; nothing of it is ever written down.
 */
final class Keyring {
    private static final int TRIES = 3;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Path, List<KeyCandidate.InAgent>> agents = new HashMap<>();
    private final Map<String, Unlocked> unlocked = new HashMap<>();

    /** A key that was unlocked, or why it was not. */
    sealed interface Unlocked {
        record Key(LocalKey key) implements Unlocked {}

        record Locked(String why) implements Unlocked {}
    }

    /**
     * The keys of an agent.
     *
     * @param notes told, once a run, when it does not answer; then it has none
     */
    List<KeyCandidate.InAgent> agent(Path socket, Consumer<String> notes) {
        lock.lock();
        try {
            return agents.computeIfAbsent(socket, path -> identities(path, notes));
        } finally {
            lock.unlock();
        }
    }

    private static List<KeyCandidate.InAgent> identities(Path socket, Consumer<String> notes) {
        SshAgent agent = new SshAgent(socket);
        try {
            return agent.identities().stream()
                    .map(identity -> new KeyCandidate.InAgent(agent, identity))
                    .toList();
        } catch (IOException e) {
            notes.accept(
                    "the ssh-agent at %s is of no use: %s"
                            .formatted(socket, AtomicFiles.reason(e)));
            return List.of();
        }
    }

    /** A key that can sign; its passphrase, if it has one, is asked for at most once a run. */
    Unlocked unlock(KeyFile key, Passphrases passphrases) {
        if (!key.encrypted()) {
            try {
                return new Unlocked.Key(LocalKey.open(key, null));
            } catch (IOException e) {
                return new Unlocked.Locked("unreadable: " + AtomicFiles.reason(e));
            }
        }
        lock.lock();
        try {
            return unlocked.computeIfAbsent(key.text(), any -> ask(key, passphrases));
        } finally {
            lock.unlock();
        }
    }

    private Unlocked ask(KeyFile key, Passphrases passphrases) {
        for (int i = 0; i < TRIES; i++) {
            Optional<char[]> typed = passphrases.ask(key.file().toString());
            if (typed.isEmpty()) {
                return new Unlocked.Locked(
                        i == 0
                                ? "encrypted, and there was nobody to type its passphrase"
                                : "its passphrase was wrong");
            }
            try {
                return new Unlocked.Key(LocalKey.open(key, typed.get()));
            } catch (IOException e) {
                // A wrong passphrase shows as whatever the decrypted bytes are not.
            } finally {
                Arrays.fill(typed.get(), '\0');
            }
        }
        return new Unlocked.Locked("its passphrase was wrong");
    }
}
