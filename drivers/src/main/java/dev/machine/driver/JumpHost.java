package dev.machine.driver;

import dev.machine.common.HostPort;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host through which SSH reaches another, in the form of ssh's {@code ProxyJump}: {@code
 * [user@]host[:port]}, with an IPv6 address in brackets.
 */
public record JumpHost(Optional<String> user, String host, OptionalInt port) {
    /** Means "no jump host", even if the user's SSH configuration has one. */
    public static final String NONE = "none";

    private static final Pattern FORM =
            Pattern.compile(
                    "(?:ssh://)?(?:([^@\\s-][^@\\s]*)@)?(?:\\[([^\\[\\]]+)]|([^:/\\[\\]@]+))(?::([0-9]+))?/?");

    /** Reads a jump host; empty if the text has another form. */
    public static Optional<JumpHost> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String host = parts.group(2) != null ? parts.group(2) : parts.group(3);
        OptionalInt port =
                parts.group(4) == null ? OptionalInt.empty() : TcpPort.parse(parts.group(4));
        return Addresses.problem(host).isPresent() || (parts.group(4) != null && port.isEmpty())
                ? Optional.empty()
                : Optional.of(new JumpHost(Optional.ofNullable(parts.group(1)), host, port));
    }

    /** Whether this is the word {@link #NONE}. */
    public boolean none() {
        return user.isEmpty() && port.isEmpty() && host.equals(NONE);
    }

    @Override
    public String toString() {
        return user.map(it -> it + "@").orElse("")
                + HostPort.host(host)
                + (port.isPresent() ? ":" + port.getAsInt() : "");
    }
}
