package dev.machine.driver;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/** TCP ports as text. */
final class TcpPort {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,5}");

    private TcpPort() {}

    /** The port, 1 to 65535; empty if the text is not a port. */
    static OptionalInt parse(String text) {
        if (!DIGITS.matcher(text).matches()) {
            return OptionalInt.empty();
        }
        int port = Integer.parseInt(text);
        return port >= 1 && port <= 65535 ? OptionalInt.of(port) : OptionalInt.empty();
    }
}
