package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;

/**
 * The pinned host keys: a {@code known_hosts} file in the store, one key a line in OpenSSH's format
 * (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"), so that the system's ssh can use it too. The caller
 * holds the store's lock while writing.
 */
public final class HostKeys {
    /** Enough for thousands of hosts. */
    private static final int MAX_FILE_BYTES = 4 << 20;

    private final Path file;

    public HostKeys(Path file) {
        this.file = file;
    }

    /**
     * A host key.
     *
     * @param type as {@code ssh-ed25519}
     * @param base64 the key in SSH's wire form
     */
    public record HostKey(String type, String base64) {
        /** The key that a host showed; the key inside if it is a certificate. */
        static HostKey of(PublicKey shown) {
            PublicKey key = HostCertificate.inside(shown);
            byte[] wire = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
            return new HostKey(
                    KeyType.fromKey(key).toString(), Base64.getEncoder().encodeToString(wire));
        }

        /** A key from {@code known_hosts}; empty if it is damaged. */
        static Optional<HostKey> parse(String base64) {
            try {
                byte[] wire = Base64.getDecoder().decode(base64);
                return Optional.of(
                        new HostKey(
                                new Buffer.PlainBuffer(wire).readString(),
                                Base64.getEncoder().encodeToString(wire)));
            } catch (Buffer.BufferException | IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /** As {@code ssh-keygen -l} prints it: {@code SHA256:…} without padding. */
        public String fingerprint() {
            try {
                byte[] digest =
                        MessageDigest.getInstance("SHA-256")
                                .digest(Base64.getDecoder().decode(base64));
                return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
            } catch (IllegalArgumentException e) {
                // A damaged line.
                return "unreadable";
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        @Override
        public String toString() {
            return type + " " + fingerprint();
        }
    }

    /** The keys pinned for an address; empty if there are none. */
    public List<HostKey> pinned(String address, int port) {
        String host = host(address, port);
        List<HostKey> found = new ArrayList<>();
        for (String line : lines()) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length >= 3 && fields[0].equals(host)) {
                found.add(new HostKey(fields[1], fields[2]));
            }
        }
        return found;
    }

    /** Pins a key. */
    public void pin(String address, int port, HostKey key) {
        List<String> lines = new ArrayList<>(lines());
        lines.add(host(address, port) + " " + key.type() + " " + key.base64());
        save(lines);
    }

    /** Removes the keys of an address. */
    public void forget(String address, int port) {
        String host = host(address, port);
        List<String> before = lines();
        List<String> after = before.stream().filter(line -> !line.startsWith(host + " ")).toList();
        if (after.size() != before.size()) {
            save(after);
        }
    }

    /**
     * The error for a host that shows another key than the pinned one.
     *
     * @param remark about the key that it shows, with a leading blank; may be empty
     */
    MachineException changed(String host, HostKey shown, List<HostKey> expected, String remark) {
        return new MachineException(
                "the host key of %s has changed: pinned %s, now %s%s; nothing was sent to it"
                        .formatted(host, expected, shown, remark),
                "if the node was installed anew, remove its line from " + file + " and try again",
                ExitCode.HOST_KEY_CHANGED);
    }

    /** The name of a host in {@code known_hosts}: {@code 10.0.0.9}, {@code [10.0.0.9]:2222}. */
    public static String host(String address, int port) {
        return port == 22 ? address : "[" + address + "]:" + port;
    }

    private List<String> lines() {
        try {
            return Files.exists(file)
                    ? new String(AtomicFiles.read(file, MAX_FILE_BYTES), StandardCharsets.UTF_8)
                            .lines()
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    private void save(List<String> lines) {
        AtomicFiles.write(
                file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n", AtomicFiles.PRIVATE);
    }
}
