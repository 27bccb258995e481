package dev.machine.provisioning.ssh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The credentials for a node, in the order in which they are tried: keys, then a one-time password,
 * which is asked for only when every key was refused.
 *
 * @param passphrases asks for the passphrase of an encrypted key that the node would accept
 * @param password an empty result means that there is no password and no user to ask
 * @param advice what the user can do if nothing was accepted
 */
public record Credentials(
        List<KeyCandidate> keys,
        Passphrases passphrases,
        Supplier<Optional<char[]>> password,
        String advice) {
    public Credentials {
        keys = List.copyOf(keys);
    }

    /** Plain key files without a way to ask for passphrases. */
    static Credentials files(Supplier<Optional<char[]>> password, Path... files) {
        return new Credentials(
                List.of(files).stream().<KeyCandidate>map(KeyCandidate.File::new).toList(),
                key -> Optional.empty(),
                password,
                "");
    }
}
