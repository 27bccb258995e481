package dev.machine.template;

import dev.machine.common.ArgumentQuoting;
import dev.machine.common.MachineException;

/** How a value is quoted so that it is read back unchanged. */
enum Format {
    /** One word of a POSIX shell. */
    SH {
        @Override
        String quote(String name, String value) {
            return ArgumentQuoting.quote(value);
        }
    },

    /**
     * One argument of an {@code Exec…=} line: double quotes with C escapes (systemd.syntax(7)),
     * {@code %} and {@code $} doubled, because specifiers and variables are replaced inside quotes
     * too (systemd.unit(5), systemd.service(5)). Not for the program itself, where a leading {@code
     * -} or {@code @} keeps its meaning.
     */
    SYSTEMD {
        @Override
        String quote(String name, String value) {
            refuse(name, value, value.indexOf('\0') >= 0);
            StringBuilder text = new StringBuilder("\"");
            value.codePoints()
                    .forEach(
                            c -> {
                                switch (c) {
                                    case '"', '\\' -> text.append('\\').appendCodePoint(c);
                                    case '%', '$' -> text.appendCodePoint(c).appendCodePoint(c);
                                    // \x stands for one byte, so it is right for ASCII only.
                                    default -> escape(text, c, c < ' ' || c == 0x7f, "\\x%02x");
                                }
                            });
            return text.append('"').toString();
        }
    },

    /**
     * A command line in systemd's own syntax, copied from another unit; it must not end its line or
     * continue on the next.
     */
    SYSTEMD_COMMAND {
        @Override
        String quote(String name, String value) {
            refuse(
                    name,
                    value,
                    value.endsWith("\\")
                            || value.isBlank()
                            || value.chars().anyMatch(c -> c < ' ' && c != '\t'));
            return value;
        }
    },

    /** A word in a file of apt, which has no quoting, so other characters are refused. */
    APT {
        @Override
        String quote(String name, String value) {
            refuse(name, value, !value.matches("[A-Za-z0-9._~:/+%@-]+"));
            return value;
        }
    },

    /** Such words, separated by blanks. */
    APT_WORDS {
        @Override
        String quote(String name, String value) {
            for (String word : value.split(" ", -1)) {
                APT.quote(name, word);
            }
            return value;
        }
    },

    /** A double-quoted scalar (YAML 1.2.2, section 7.3.1), which is also JSON's syntax. */
    YAML {
        @Override
        String quote(String name, String value) {
            StringBuilder text = new StringBuilder("\"");
            value.codePoints()
                    .forEach(
                            c -> {
                                switch (c) {
                                    case '"', '\\' -> text.append('\\').appendCodePoint(c);
                                    // Line breaks of YAML 1.1, and characters that YAML does not
                                    // allow unescaped.
                                    case 0x85, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF ->
                                            text.append("\\u%04x".formatted(c));
                                    default -> escape(text, c, isControl(c), "\\u%04x");
                                }
                            });
            return text.append('"').toString();
        }
    };

    abstract String quote(String name, String value);

    /** The format's name in a placeholder: {@code systemd-command}. */
    static Format of(String word) {
        for (Format format : values()) {
            if (format.name().replace('_', '-').equalsIgnoreCase(word)) {
                return format;
            }
        }
        throw new IllegalArgumentException("there is no format " + word);
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF);
    }

    private static void escape(StringBuilder text, int c, boolean needed, String form) {
        if (needed) {
            text.append(form.formatted(c));
        } else {
            text.appendCodePoint(c);
        }
    }

    private static void refuse(String name, String value, boolean impossible) {
        if (impossible) {
            throw new MachineException(
                    "the "
                            + name
                            + " cannot be written into a file of the node: \""
                            + value.strip()
                            + "\"");
        }
    }
}
