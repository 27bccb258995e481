package dev.machine.provisioning.ssh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What may be shown to a node, in the order in which it is tried: keys, then a one-time password,
 * which is asked for only when every key was refused.
 *
 * @param passphrases asked for a key that is encrypted, if the node would take it
 * @param password empty answer: nobody gave one and nobody can be asked
 * @param advice what to do when nothing of it helped
 */
public record Credentials(
        List<KeyCandidate> keys,
        Passphrases passphrases,
        Supplier<Optional<char[]>> password,
        String advice) {
    public Credentials {
        keys = List.copyOf(keys);
    }

    /** Plain key files, nobody to ask for a passphrase. */
    static Credentials files(Supplier<Optional<char[]>> password, Path... files) {
        return new Credentials(
                List.of(files).stream().<KeyCandidate>map(KeyCandidate.File::new).toList(),
                key -> Optional.empty(),
                password,
                "");
    }
}
