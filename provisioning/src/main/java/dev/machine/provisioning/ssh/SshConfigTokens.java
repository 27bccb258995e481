package dev.machine.provisioning.ssh;

import dev.machine.common.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Replaces the tokens and variables in values of an SSH configuration (ssh_config(5), TOKENS and
 * ENVIRONMENT VARIABLES), which {@code ssh -G} prints unchanged.
 *
 * @param home the user's folder, {@code %d} and {@code ~}
 * @param variable the value of an environment variable
 * @param typed the host as the user typed it, {@code %n}
 * @param host its address, {@code %h}
 * @param alias the name of its key, {@code %k}
 * @param remoteUser {@code %r}
 * @param jump the host of {@code ProxyJump}, {@code %j}; empty if there is none
 * @param connection the hash of the connection, {@code %C}, as the installed ssh makes it
 */
record SshConfigTokens(
        Path home,
        Function<String, Optional<String>> variable,
        String typed,
        String host,
        String alias,
        int port,
        String remoteUser,
        String jump,
        Optional<String> connection) {

    /** A value that is not understood; the message is the end of a sentence. */
    static final class NotUnderstood extends Exception {
        private static final long serialVersionUID = 1L;

        NotUnderstood(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** A path with all tokens replaced. */
    Path path(String text) throws NotUnderstood {
        try {
            return Path.of(text(tilde(text)));
        } catch (InvalidPathException e) {
            throw new NotUnderstood("it is not a path");
        }
    }

    /** A text with every token and variable replaced. */
    String text(String text) throws NotUnderstood {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (++i == text.length()) {
                    throw new NotUnderstood("it ends with a %");
                }
                result.append(token(text.charAt(i)));
            } else if (c == '$' && text.startsWith("{", i + 1)) {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw new NotUnderstood("a ${ has no }");
                }
                result.append(value(text.substring(i + 2, end)));
                i = end;
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }

    private String value(String name) throws NotUnderstood {
        return variable.apply(name)
                .orElseThrow(() -> new NotUnderstood("the variable " + name + " is not set"));
    }

    private String token(char token) throws NotUnderstood {
        return switch (token) {
            case '%' -> "%";
            case 'C' ->
                    connection.orElseThrow(
                            () ->
                                    new NotUnderstood(
                                            "ssh did not say what %" + token + " stands for"));
            case 'd' -> home.toString();
            case 'h' -> host;
            case 'i' -> localUserId();
            case 'j' -> jump;
            case 'k' -> alias;
            case 'L' -> localHost().split("\\.", 2)[0];
            case 'l' -> localHost();
            case 'n' -> typed;
            case 'p' -> Integer.toString(port);
            case 'r' -> remoteUser;
            case 'u' -> System.getProperty("user.name", "root");
            default -> throw new NotUnderstood("machine does not know the token %" + token);
        };
    }

    private String tilde(String text) throws NotUnderstood {
        if (!text.startsWith("~")) {
            return text;
        }
        int slash = text.indexOf('/');
        String user = text.substring(1, slash < 0 ? text.length() : slash);
        String rest = slash < 0 ? "" : text.substring(slash);
        // The name of a folder may contain characters of a token; they are not replaced.
        String folder = user.isEmpty() ? home.toString() : homeOf(user);
        return folder.replace("%", "%%") + rest;
    }

    private static String homeOf(String user) throws NotUnderstood {
        for (String line : lines(Path.of("/etc/passwd"))) {
            String[] fields = line.split(":", -1);
            if (fields.length > 5 && fields[0].equals(user)) {
                return fields[5];
            }
        }
        throw new NotUnderstood("there is no user " + user + " on this computer");
    }

    private static String localHost() throws NotUnderstood {
        return lines(Path.of("/proc/sys/kernel/hostname")).stream()
                .findFirst()
                .orElseThrow(() -> new NotUnderstood("this computer has no name"));
    }

    private static String localUserId() throws NotUnderstood {
        try {
            return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            throw new NotUnderstood("the number of the user is not known");
        }
    }

    private static List<String> lines(Path file) throws NotUnderstood {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new NotUnderstood("cannot read " + file + ": " + AtomicFiles.reason(e));
        }
    }
}
