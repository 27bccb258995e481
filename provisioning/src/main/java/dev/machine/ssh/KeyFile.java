package dev.machine.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;

/**
 * A private key in a file, as far as it can be read without its passphrase: OpenSSH's own format
 * shows its public half (PROTOCOL.key of OpenSSH); beside the others it may stand in a {@code .pub}
 * file.
 *
 * @param isPrivate whether it is a private key at all; {@code IdentityFile} may name a public one
 * @param encrypted whether a passphrase is needed
 * @param publicKey empty where it is not known before the key is unlocked
 */
record KeyFile(Path file, boolean isPrivate, boolean encrypted, Optional<KeyBlob> publicKey) {
    private static final String OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private static final String OPENSSH_END = "-----END OPENSSH PRIVATE KEY-----";
    private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

    /**
     * Looks at a key file.
     *
     * @throws IOException if it cannot be read
     */
    static KeyFile read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Optional<KeyBlob> beside = KeyBlob.inFile(file.resolveSibling(file.getFileName() + ".pub"));
        int begin = text.indexOf(OPENSSH);
        int end = text.indexOf(OPENSSH_END);
        if (begin >= 0 && end > begin) {
            return openSsh(file, text.substring(begin + OPENSSH.length(), end));
        }
        boolean encrypted =
                text.contains("BEGIN ENCRYPTED PRIVATE KEY")
                        || text.contains("Proc-Type: 4,ENCRYPTED");
        boolean isPrivate = text.contains("PRIVATE KEY") || text.startsWith("PuTTY-User-Key-File");
        return new KeyFile(file, isPrivate, encrypted, isPrivate ? beside : KeyBlob.inFile(file));
    }

    private static KeyFile openSsh(Path file, String body) throws IOException {
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(body);
            Buffer.PlainBuffer in = new Buffer.PlainBuffer(bytes);
            in.readRawBytes(new byte[MAGIC.length]);
            boolean encrypted = !in.readString().equals("none");
            in.readString();
            in.readBytes();
            in.readUInt32();
            return new KeyFile(file, true, encrypted, Optional.of(KeyBlob.of(in.readBytes())));
        } catch (Buffer.BufferException | IllegalArgumentException e) {
            throw new IOException("it is damaged", e);
        }
    }
}
