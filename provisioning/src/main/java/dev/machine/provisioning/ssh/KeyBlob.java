package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;

/**
 * A public key or a certificate in SSH's wire format (RFC 4253, section 6.6; PROTOCOL.certkeys of
 * OpenSSH). Its type does not matter, because it is only passed on.
 */
record KeyBlob(String base64) {
    private static final String CERTIFICATE = "-cert-v01@openssh.com";

    static KeyBlob of(byte[] wire) {
        return new KeyBlob(Base64.getEncoder().encodeToString(wire));
    }

    /** The key in a {@code .pub} file; empty if there is no such key. */
    static Optional<KeyBlob> inFile(Path file) {
        try {
            String[] words =
                    new String(AtomicFiles.read(file), StandardCharsets.ISO_8859_1)
                            .strip()
                            .split("\\s+");
            return words.length < 2
                    ? Optional.empty()
                    : Optional.of(of(Base64.getDecoder().decode(words[1])));
        } catch (IOException | IllegalArgumentException e) {
            // The file is missing or something else; then only the private half is used.
            return Optional.empty();
        }
    }

    byte[] wire() {
        return Base64.getDecoder().decode(base64);
    }

    /** As {@code ssh-ed25519}. */
    String type() throws Buffer.BufferException {
        return new Buffer.PlainBuffer(wire()).readString();
    }

    boolean isCertificate() {
        try {
            return type().endsWith(CERTIFICATE);
        } catch (Buffer.BufferException e) {
            return false;
        }
    }

    /** The key inside a certificate, or the plain key itself; empty if it is damaged. */
    Optional<KeyBlob> plain() {
        if (!isCertificate()) {
            return Optional.of(this);
        }
        try {
            Buffer.PlainBuffer in = new Buffer.PlainBuffer(wire());
            String type = without(in.readString());
            in.readBytes();
            Buffer.PlainBuffer key = new Buffer.PlainBuffer().putString(type);
            for (int fields = fields(type); fields > 0; fields--) {
                key.putBytes(in.readBytes());
            }
            return Optional.of(of(key.getCompactData()));
        } catch (Buffer.BufferException e) {
            return Optional.empty();
        }
    }

    /** The number of byte strings in a key of this type. */
    static int fields(String type) {
        return switch (type) {
            case "ssh-ed25519" -> 1;
            case "ssh-dss" -> 4;
            case "sk-ecdsa-sha2-nistp256@openssh.com" -> 3;
            default -> 2;
        };
    }

    /**
     * The algorithm for a login. RSA keys sign with SHA-2 (RFC 8332) if the server supports it.
     *
     * @param server its banner, for example {@code OpenSSH_9.2p1}
     */
    String algorithm(String server) throws Buffer.BufferException {
        String type = type();
        return switch (type) {
            case "ssh-rsa" -> rsa(server);
            case "ssh-rsa" + CERTIFICATE -> rsa(server) + CERTIFICATE;
            default -> type;
        };
    }

    /** The signature that belongs to an algorithm. */
    static String signature(String algorithm) {
        return without(algorithm);
    }

    private static String without(String name) {
        if (!name.endsWith(CERTIFICATE)) {
            return name;
        }
        String plain = name.substring(0, name.length() - CERTIFICATE.length());
        return plain.startsWith("sk-") ? plain + "@openssh.com" : plain;
    }

    private static String rsa(String server) {
        if (server.contains("dropbear")) {
            return "rsa-sha2-256";
        }
        return server.matches(".*OpenSSH_([1-6]\\.|7\\.[01]\\b).*") ? "ssh-rsa" : "rsa-sha2-512";
    }
}
