package dev.machine.provisioning.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;

/**
 * A private key file, as far as it can be read without a passphrase: OpenSSH's own format contains
 * the public half (PROTOCOL.key of OpenSSH); for other formats it may be in a {@code .pub} file.
 *
 * @param text of the file, see {@link KeyText}
 * @param isPrivate whether it is a private key; {@code IdentityFile} may name a public one
 * @param encrypted whether a passphrase is needed
 * @param publicKey empty if it is unknown until the key is unlocked
 */
record KeyFile(
        Path file, String text, boolean isPrivate, boolean encrypted, Optional<KeyBlob> publicKey) {
    private static final String OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private static final String OPENSSH_END = "-----END OPENSSH PRIVATE KEY-----";
    private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * Reads a key file.
     *
     * @throws IOException if it cannot be read
     */
    static KeyFile read(Path file) throws IOException {
        String text = KeyText.read(file);
        if (text.startsWith(OPENSSH)) {
            return openSsh(file, text);
        }
        boolean encrypted =
                text.contains("BEGIN ENCRYPTED PRIVATE KEY")
                        || text.contains("Proc-Type: 4,ENCRYPTED");
        boolean isPrivate = text.contains("PRIVATE KEY") || text.startsWith("PuTTY-User-Key-File");
        Path half = isPrivate ? beside(file, ".pub") : file;
        return new KeyFile(file, text, isPrivate, encrypted, KeyBlob.inFile(half));
    }

    /** The file beside a key that ssh looks for, as {@code id.pub}. */
    static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** The certificate file beside a private key. */
    static Path certificate(Path key) {
        return beside(key, "-cert.pub");
    }

    private static KeyFile openSsh(Path file, String text) throws IOException {
        int end = text.indexOf(OPENSSH_END);
        if (end < OPENSSH.length()) {
            throw new IOException("its end is missing");
        }
        try {
            String body = text.substring(OPENSSH.length(), end);
            byte[] bytes = Base64.getMimeDecoder().decode(body);
            Buffer.PlainBuffer in = new Buffer.PlainBuffer(bytes);
            in.readRawBytes(new byte[MAGIC.length]);
            boolean encrypted = !in.readString().equals("none");
            in.readString();
            in.readBytes();
            in.readUInt32();
            KeyBlob half = KeyBlob.of(in.readBytes());
            return new KeyFile(file, text, true, encrypted, Optional.of(half));
        } catch (Buffer.BufferException | IllegalArgumentException e) {
            throw new IOException("it is damaged", e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
