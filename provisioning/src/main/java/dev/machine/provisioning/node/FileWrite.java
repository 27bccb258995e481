package dev.machine.provisioning.node;

import java.nio.charset.StandardCharsets;

/**
 * A file that is written on a node.
 *
 * @param mode of a new file, as for chmod, for example {@code 0644}
 */
public record FileWrite(String path, String content, String mode) {
    /** The content in UTF-8. */
    public byte[] bytes() {
        return content.getBytes(StandardCharsets.UTF_8);
    }
}
