package dev.machine.provisioning.ssh;

import dev.machine.common.ArgumentQuoting;
import dev.machine.common.ResourceText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A POSIX shell script for a node, and the bytes that its commands read from standard input, in
 * order. Data enters the text only as quoted words, file contents only through standard input:
 * nothing a user typed is ever code.
 */
public final class Script {
    /** What every script may rely on; sbin is missing from the path of ordinary users. */
    private static final String PREAMBLE =
            """
            set -eu
            export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            umask 022
            """;

    /** The exit status of a script that could not write a file. */
    public static final int UNWRITTEN = 74;

    private static final String PLACING = packed(Script.class, "place.sh");

    private final StringBuilder text = new StringBuilder(PREAMBLE);
    private final List<byte[]> input = new ArrayList<>();
    private boolean placing;

    /**
     * The text of a script that is packed beside a class.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static String packed(Class<?> beside, String name) {
        return ResourceText.read(beside, name);
    }

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
     * Adds a script that is packed beside a class, with these as its positional parameters.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public Script include(Class<?> beside, String name, String... arguments) {
        if (arguments.length > 0) {
            run("set --" + " {}".repeat(arguments.length), arguments);
        }
        text.append(packed(beside, name));
        return this;
    }

    /** Adds the functions of place.sh, by which files are written where they live. */
    public Script placing() {
        if (!placing) {
            placing = true;
            text.append(PLACING);
        }
        return this;
    }

    /**
     * Adds the writing of one file: past links, which stay, under a temporary name beside where it
     * lives, synced, then renamed. A file that is there keeps its mode and owner.
     *
     * @param mode of a new file, as for chmod, for example {@code 0644}
     */
    public Script write(String file, byte[] content, String mode) {
        return write(file, content, mode, "");
    }

    /** The same for a secret: whatever was there, it is root's and has this mode. */
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

    /** The script in UTF-8: what {@code head -c} on the node reads first. */
    byte[] program() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Program and contents, one after the other. */
    byte[] stream() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(program());
        input.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
