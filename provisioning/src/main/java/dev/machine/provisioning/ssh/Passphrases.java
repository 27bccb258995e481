package dev.machine.provisioning.ssh;

import java.util.Optional;

/** Asks a person for the passphrase of a key. */
@FunctionalInterface
public interface Passphrases {
    /**
     * Asks once.
     *
     * @param key what the person knows it by
     * @return empty when nobody is there, or nothing was typed
     */
    Optional<char[]> ask(String key);
}
