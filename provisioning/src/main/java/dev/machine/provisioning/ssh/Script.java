package dev.machine.provisioning.ssh;

import dev.machine.common.ArgumentQuoting;
import dev.machine.common.ResourceText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A POSIX shell script for a node, and the bytes that its commands read from standard input, in
 * order. Data enters the text only as quoted words, and file contents only through standard input,
 * so that nothing that a user typed is run as code.
 */
public final class Script {
    /** The environment of every script; ordinary users have no sbin in their path. */
    private static final String PREAMBLE =
            """
            set -eu
            export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            umask 022
            """;

    /** The exit status of a script that could not write a file. */
    public static final int UNWRITTEN = 74;

    private static final String PLACING = ResourceText.read(Script.class, "place.sh");

    private final StringBuilder text = new StringBuilder(PREAMBLE);
    private final List<byte[]> input = new ArrayList<>();
    private boolean placing;

    /** Adds lines of shell in which each {@code {}} stands for one argument, quoted. */
    public Script run(String shell, String... arguments) {
        String[] parts = shell.split("\\{}", -1);
        if (parts.length != arguments.length + 1) {
            throw new IllegalArgumentException(
                    "%d arguments for %d places".formatted(arguments.length, parts.length - 1));
        }
        text.append(parts[0]);
        for (int i = 0; i < arguments.length; i++) {
            text.append(ArgumentQuoting.quote(arguments[i])).append(parts[i + 1]);
        }
        text.append('\n');
        return this;
    }

    /**
     * Adds a script file that stands beside a class, with these positional parameters.
     *
     * @throws IllegalArgumentException if there is no such file
     */
    public Script include(Class<?> beside, String name, String... arguments) {
        if (arguments.length > 0) {
            run("set --" + " {}".repeat(arguments.length), arguments);
        }
        text.append(ResourceText.read(beside, name));
        return this;
    }

    /** Adds the functions of place.sh, which write files at the place that a link points to. */
    public Script placing() {
        if (!placing) {
            placing = true;
            text.append(PLACING);
        }
        return this;
    }

    /**
     * Adds the writing of one file: links are followed and kept; the content is written under a
     * temporary name beside the real file, synced, then renamed. An existing file keeps its mode
     * and owner.
     *
     * @param mode of a new file, as for chmod, for example {@code 0644}
     */
    public Script write(String file, byte[] content, String mode) {
        return write(file, content, mode, "");
    }

    /**
     * The same for a secret: the file belongs to root and has this mode, whatever it had before.
     */
    public Script writeSecret(String file, byte[] content, String mode) {
        return write(file, content, mode, " exact");
    }

    private Script write(String file, byte[] content, String mode, String how) {
        placing();
        text.append(
                "place %s %s %d%s\n"
                        .formatted(ArgumentQuoting.quote(file), mode, content.length, how));
        input.add(content.clone());
        return this;
    }

    /** The script's text. */
    public String text() {
        return text.toString();
    }

    /** The script in UTF-8, which {@code head -c} on the node reads first. */
    byte[] program() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Program and contents, in this order. */
    byte[] stream() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(program());
        input.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
