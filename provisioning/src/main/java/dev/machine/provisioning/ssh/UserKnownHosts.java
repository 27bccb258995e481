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
 * The host keys in the user's and this computer's files (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"):
 * keys, certificate authorities and revoked keys. The files are only read; damaged lines are
 * ignored.
 */
final class UserKnownHosts {
    private static final int MAX_FILE_BYTES = 8 << 20;

    private final List<Line> lines;
    private final Optional<String> alias;

    private enum Marker {
        KEY,
        AUTHORITY,
        REVOKED
    }

    /** One line and its file. */
    private record Line(Marker marker, String hosts, HostKey key, Path file) {}

    private UserKnownHosts(List<Line> lines, Optional<String> alias) {
        this.lines = lines;
        this.alias = alias;
    }

    /**
     * Reads some files; those that cannot be read are ignored.
     *
     * @param alias the host's name in them, if it is not its address ({@code HostKeyAlias})
     */
    static UserKnownHosts in(List<Path> files, Optional<String> alias) {
        return new UserKnownHosts(
                files.stream().flatMap(file -> lines(file).stream()).toList(),
                alias.map(name -> name.toLowerCase(Locale.ROOT)));
    }

    private static List<Line> lines(Path file) {
        try {
            return new String(AtomicFiles.read(file, MAX_FILE_BYTES), StandardCharsets.ISO_8859_1)
                    .lines()
                    .flatMap(line -> parse(line, file).stream())
                    .toList();
        } catch (IOException e) {
            // A file that cannot be read contains no trusted key.
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

    /** The keys of a host. */
    List<HostKey> keys(String address, int port) {
        return find(Marker.KEY, address, port);
    }

    /** The certificate authorities that the user trusts for a host. */
    List<HostKey> authorities(String address, int port) {
        return find(Marker.AUTHORITY, address, port);
    }

    /** The revoked keys of hosts and authorities for a host. */
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

    /** The name that a host's certificate must contain. */
    String name(String address) {
        return alias.orElse(address);
    }

    /** As in ssh, a line without the port counts if there is no line with the port. */
    private List<HostKey> find(Marker marker, String address, int port) {
        List<HostKey> found = exactly(marker, address, port);
        return found.isEmpty() && port != 22 ? exactly(marker, address, 22) : found;
    }

    private List<HostKey> exactly(Marker marker, String address, int port) {
        // As in ssh, an alias replaces the host and its port.
        String name = alias.orElse(HostKeys.host(address, port));
        return lines.stream()
                .filter(line -> line.marker == marker && HostPattern.matches(line.hosts, name))
                .map(Line::key)
                .toList();
    }
}
