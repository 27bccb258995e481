package dev.machine.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;

/**
 * A public key in SSH's wire form (RFC 4253, section 6.6), of whatever type: nobody here needs to
 * understand it to offer it.
 */
record KeyBlob(String base64) {
    static KeyBlob of(byte[] wire) {
        return new KeyBlob(Base64.getEncoder().encodeToString(wire));
    }

    /** The key that stands in a {@code .pub} file; empty if there is none. */
    static Optional<KeyBlob> inFile(Path file) {
        try {
            String[] words = Files.readString(file).strip().split("\\s+");
            return words.length < 2
                    ? Optional.empty()
                    : Optional.of(of(Base64.getDecoder().decode(words[1])));
        } catch (IOException | IllegalArgumentException e) {
            // Not there, or something else by that name: the private half will have to do.
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

    /** The name of the signature that is made with it: RSA keys sign with SHA-2 (RFC 8332). */
    String algorithm() throws Buffer.BufferException {
        return type().equals("ssh-rsa") ? "rsa-sha2-512" : type();
    }
}
