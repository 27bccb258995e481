package dev.machine.ssh;

import dev.machine.common.AtomicFiles;
import dev.machine.ssh.HostKeys.HostKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The user's own {@code known_hosts} (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): which keys, which
 * certificate authorities and which revoked keys it names for a host. Only read, never written; a
 * line that is damaged says nothing.
 */
final class UserKnownHosts {
    private static final int LONGEST = 8 << 20;

    private final List<Line> lines;

    private enum Marker {
        KEY,
        AUTHORITY,
        REVOKED
    }

    private record Line(Marker marker, String hosts, HostKey key) {}

    private UserKnownHosts(List<Line> lines) {
        this.lines = lines;
    }

    /** What stands in a file; nothing if it cannot be read. */
    static UserKnownHosts in(Path file) {
        try {
            return new UserKnownHosts(
                    new String(AtomicFiles.read(file, LONGEST), StandardCharsets.ISO_8859_1)
                            .lines()
                            .flatMap(line -> parse(line).stream())
                            .toList());
        } catch (IOException e) {
            // A file that cannot be read vouches for nobody.
            return new UserKnownHosts(List.of());
        }
    }

    private static Optional<Line> parse(String text) {
        List<String> words = new ArrayList<>(Arrays.asList(text.strip().split("[ \t]+")));
        Marker marker =
                switch (words.getFirst()) {
                    case "@cert-authority" -> Marker.AUTHORITY;
                    case "@revoked" -> Marker.REVOKED;
                    default -> Marker.KEY;
                };
        if (marker != Marker.KEY) {
            words.removeFirst();
        }
        if (words.size() < 3 || words.getFirst().startsWith("#")) {
            return Optional.empty();
        }
        return HostKey.parse(words.get(2)).map(key -> new Line(marker, words.getFirst(), key));
    }

    /** The keys that the user knows of a host. */
    List<HostKey> keys(String address, int port) {
        return find(Marker.KEY, address, port);
    }

    /** Whose certificates the user believes for a host. */
    List<HostKey> authorities(String address, int port) {
        return find(Marker.AUTHORITY, address, port);
    }

    /** The keys, of hosts and of authorities, that must not be believed for a host. */
    List<HostKey> revoked(String address, int port) {
        List<HostKey> all = new ArrayList<>(exactly(Marker.REVOKED, address, port));
        all.addAll(exactly(Marker.REVOKED, address, 22));
        return all;
    }

    /** As ssh does: what is said of the host without its port counts if nothing is said with it. */
    private List<HostKey> find(Marker marker, String address, int port) {
        List<HostKey> found = exactly(marker, address, port);
        return found.isEmpty() && port != 22 ? exactly(marker, address, 22) : found;
    }

    private List<HostKey> exactly(Marker marker, String address, int port) {
        String name = HostKeys.host(address, port);
        return lines.stream()
                .filter(line -> line.marker == marker && HostPattern.matches(line.hosts, name))
                .map(Line::key)
                .toList();
    }
}
