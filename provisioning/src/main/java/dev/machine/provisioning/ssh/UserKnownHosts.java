package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The user's own files of host keys and those of this computer (sshd(8), "SSH_KNOWN_HOSTS FILE
 * FORMAT"): which keys, which certificate authorities and which revoked keys they name for a host.
 * Only read, never written; a line that is damaged says nothing.
 */
final class UserKnownHosts {
    private static final int LONGEST = 8 << 20;

    private final List<Line> lines;
    private final Optional<String> alias;

    private enum Marker {
        KEY,
        AUTHORITY,
        REVOKED
    }

    /** One line, and the file it stands in. */
    private record Line(Marker marker, String hosts, HostKey key, Path file) {}

    private UserKnownHosts(List<Line> lines, Optional<String> alias) {
        this.lines = lines;
        this.alias = alias;
    }

    /**
     * What stands in some files; nothing in those that cannot be read.
     *
     * @param alias the name of the host in them, if it is another than its address ({@code
     *     HostKeyAlias})
     */
    static UserKnownHosts in(List<Path> files, Optional<String> alias) {
        return new UserKnownHosts(
                files.stream().flatMap(file -> lines(file).stream()).toList(),
                alias.map(name -> name.toLowerCase(Locale.ROOT)));
    }

    private static List<Line> lines(Path file) {
        try {
            return new String(AtomicFiles.read(file, LONGEST), StandardCharsets.ISO_8859_1)
                    .lines()
                    .flatMap(line -> parse(line, file).stream())
                    .toList();
        } catch (IOException e) {
            // A file that cannot be read vouches for nobody.
            return List.of();
        }
    }

    private static Optional<Line> parse(String text, Path file) {
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
        return HostKey.parse(words.get(2))
                .map(key -> new Line(marker, words.getFirst(), key, file));
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

    /** The file that revokes a key. */
    Optional<Path> revoking(HostKey key) {
        return lines.stream()
                .filter(line -> line.marker == Marker.REVOKED && line.key.equals(key))
                .map(Line::file)
                .findFirst();
    }

    /** The name that a certificate of a host must have. */
    String name(String address) {
        return alias.orElse(address);
    }

    /** As ssh does: what is said of the host without its port counts if nothing is said with it. */
    private List<HostKey> find(Marker marker, String address, int port) {
        List<HostKey> found = exactly(marker, address, port);
        return found.isEmpty() && port != 22 ? exactly(marker, address, 22) : found;
    }

    private List<HostKey> exactly(Marker marker, String address, int port) {
        // As ssh does: an alias stands for the host and its port.
        String name = alias.orElse(HostKeys.host(address, port));
        return lines.stream()
                .filter(line -> line.marker == marker && HostPattern.matches(line.hosts, name))
                .map(Line::key)
                .toList();
    }
}
