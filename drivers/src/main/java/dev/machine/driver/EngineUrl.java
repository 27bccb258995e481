package dev.machine.driver;

import dev.machine.common.ExitCode;
import dev.machine.common.HostPort;
import dev.machine.common.MachineException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of an engine or an endpoint: {@code tcp://ADDRESS:PORT} with an optional slash at the
 * end; an IPv6 address stands in brackets (RFC 3986, section 3.2.2).
 *
 * @param address without brackets
 * @param port 1 to 65535
 */
public record EngineUrl(String address, int port) {
    private static final Pattern FORM =
            Pattern.compile("tcp://(?:\\[([^\\[\\]]+)]|([^:/\\[\\]]+)):([0-9]+)/?");

    /**
     * Reads a URL.
     *
     * @throws MachineException (exit code 2) with the sentence of {@link #problem}
     */
    public static EngineUrl parse(String text) {
        Optional<String> problem = problem(text);
        if (problem.isPresent()) {
            throw new MachineException(problem.get(), null, ExitCode.USAGE);
        }
        Matcher parts = FORM.matcher(text);
        parts.matches();
        return new EngineUrl(address(parts), Integer.parseInt(parts.group(3)));
    }

    /** What is wrong with a text as a URL, as a sentence. */
    public static Optional<String> problem(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.of("\"" + text + "\" is not of the form tcp://ADDRESS:PORT");
        }
        if (TcpPort.parse(parts.group(3)).isEmpty()) {
            return Optional.of("\"" + parts.group(3) + "\" is not a port: 1 to 65535 is possible");
        }
        return Addresses.problem(address(parts));
    }

    private static String address(Matcher parts) {
        return parts.group(1) != null ? parts.group(1) : parts.group(2);
    }

    @Override
    public String toString() {
        return "tcp://" + HostPort.of(address, port);
    }
}
