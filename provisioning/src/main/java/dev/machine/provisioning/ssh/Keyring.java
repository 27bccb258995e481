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
 * The user's keys, remembered for one run: the agent is asked once for its keys, and the user once
 * for a key's passphrase, however many nodes and copies of the key there are. Thread-safe; nothing
 * is written to disk.
 */
final class Keyring {
    private static final int MAX_PASSPHRASE_ATTEMPTS = 3;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Path, List<KeyCandidate.InAgent>> agents = new HashMap<>();
    private final Map<String, Unlocked> unlocked = new HashMap<>();

    /** An unlocked key, or the reason why it is not unlocked. */
    sealed interface Unlocked {
        record Key(LocalKey key) implements Unlocked {}

        record Locked(String why) implements Unlocked {}
    }

    /**
     * The keys of an agent.
     *
     * @param notes is told once a run if the agent does not answer; then it has no keys
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

    /** A key that can sign; its passphrase, if any, is asked for at most once a run. */
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
        for (int i = 0; i < MAX_PASSPHRASE_ATTEMPTS; i++) {
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
                // A wrong passphrase appears as an error in the decrypted bytes.
            } finally {
                Arrays.fill(typed.get(), '\0');
            }
        }
        return new Unlocked.Locked("its passphrase was wrong");
    }
}
