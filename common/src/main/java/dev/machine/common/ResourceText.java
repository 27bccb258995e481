package dev.machine.common;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Text files in UTF-8 that are packed into the program beside a class, as scripts and templates.
 */
public final class ResourceText {
    private ResourceText() {}

    /**
     * The text of a file in a class's package.
     *
     * @throws IllegalArgumentException if there is no such file
     */
    public static String read(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "there is no " + name + " beside " + beside.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
