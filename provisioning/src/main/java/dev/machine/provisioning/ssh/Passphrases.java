package dev.machine.provisioning.ssh;

import java.util.Optional;

/** Asks the user for the passphrase of a key. */
@FunctionalInterface
public interface Passphrases {
    /**
     * Asks once.
     *
     * @param key the name that the user knows
     * @return empty if there is no user to ask, or nothing was typed
     */
    Optional<char[]> ask(String key);
}
