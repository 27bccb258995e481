package dev.machine.provisioning.lifecycle;

import java.util.Optional;

/** There is no password, and no user who can be asked. */
enum NoPasswords implements Lifecycle.Passwords {
    INSTANCE;

    @Override
    public Optional<char[]> ssh(String userAtHost) {
        return Optional.empty();
    }

    @Override
    public Optional<char[]> sudo(String userAtHost) {
        return Optional.empty();
    }

    @Override
    public Optional<char[]> passphrase(String key) {
        return Optional.empty();
    }
}
