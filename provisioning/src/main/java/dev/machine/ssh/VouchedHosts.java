package dev.machine.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import net.schmizz.sshj.transport.verification.OpenSSHKnownHosts;

/** The user's own {@code known_hosts}, hashed names and all; only read, and only when asked. */
record VouchedHosts(Path file) implements HostKeyVerifier {
    @Override
    public boolean verify(String hostname, int port, PublicKey key) {
        return hosts().filter(hosts -> hosts.verify(hostname, port, key)).isPresent();
    }

    @Override
    public List<String> findExistingAlgorithms(String hostname, int port) {
        return hosts().map(hosts -> hosts.findExistingAlgorithms(hostname, port)).orElse(List.of());
    }

    private Optional<OpenSSHKnownHosts> hosts() {
        try {
            return Files.isReadable(file)
                    ? Optional.of(new OpenSSHKnownHosts(Files.newBufferedReader(file)))
                    : Optional.empty();
        } catch (IOException e) {
            // A file that cannot be read vouches for nobody.
            return Optional.empty();
        }
    }
}
