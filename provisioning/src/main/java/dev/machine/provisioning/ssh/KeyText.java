package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * The text of a private key in the one form that every version of OpenSSH reads. Mail programs,
 * editors and YAML change line ends and indentation; OpenSSH, unlike our library, then reports
 * "invalid format" or "error in libcrypto".
 */
final class KeyText {
    private static final String BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private static final String END = "-----END OPENSSH PRIVATE KEY-----";
    private static final int WIDTH = 70;
    private static final int MAX_KEY_BYTES = 1 << 20;

    private KeyText() {}

    /**
     * Reads a key.
     *
     * @throws IOException if the file cannot be read or is too large for a key
     */
    static String read(Path file) throws IOException {
        return normal(
                new String(AtomicFiles.read(file, MAX_KEY_BYTES), StandardCharsets.ISO_8859_1));
    }

    /**
     * Without byte order mark, carriage returns and indentation, and with a line feed at the end.
     */
    static String normal(String text) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin >= 0 && end > begin) {
            String body = text.substring(begin + BEGIN.length(), end).replaceAll("\\s", "");
            return BEGIN + "\n" + wrapped(body) + END + "\n";
        }
        // The three bytes of U+FEFF in UTF-8, each read as one character.
        String marked = "\u00ef\u00bb\u00bf";
        String plain = text.startsWith(marked) ? text.substring(marked.length()) : text;
        return plain.strip().lines().map(String::strip).collect(Collectors.joining("\n")) + "\n";
    }

    private static String wrapped(String body) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < body.length(); i += WIDTH) {
            lines.append(body, i, Math.min(body.length(), i + WIDTH)).append('\n');
        }
        return lines.toString();
    }
}
