package dev.machine.ssh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What may be shown to a node, in the order in which it is tried: key files, then a one-time
 * password, which is asked for only when every key was refused.
 *
 * @param keys existing files only
 * @param password empty answer: nobody gave one and nobody can be asked
 */
public record Credentials(List<Path> keys, Supplier<Optional<char[]>> password) {
    private static final List<String> USUAL = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    public Credentials {
        keys = List.copyOf(keys);
    }

    /** The keys OpenSSH would try by itself: those of {@code ~/.ssh} that exist. */
    public static List<Path> usualKeys(Path home) {
        List<Path> found = new ArrayList<>();
        for (String name : USUAL) {
            Path key = home.resolve(".ssh").resolve(name);
            if (Files.isRegularFile(key)) {
                found.add(key);
            }
        }
        return found;
    }
}
