package dev.machine.cli.command.swarm;

import dev.machine.cli.command.Invocation;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The addresses that an endpoint listens on, as classic swarm's {@code -H}: {@code
 * tcp://HOST:PORT}, {@code HOST:PORT}, {@code :PORT} for every address, {@code unix:///PATH}.
 */
final class HostFlags {
    /** The address of an endpoint if none is given. */
    static final List<String> DEFAULT = List.of("tcp://127.0.0.1:3376");

    private static final String VARIABLE = "SWARM_HOST";
    private static final Pattern TCP =
            Pattern.compile("(?:tcp://)?(\\[[0-9A-Fa-f:.]+]|[^\\[\\]:/\\s]*):([0-9]{1,5})");
    private static final Pattern UNIX = Pattern.compile("unix:///[^\\s]+");

    private HostFlags() {}

    /** The addresses of the option, else of the variable, else the default; all in full form. */
    static List<String> read(Invocation call) {
        List<String> given = call.values("--host");
        if (given.isEmpty()) {
            given =
                    call.console()
                            .variable(VARIABLE)
                            .map(text -> List.of(text.split(",")))
                            .orElse(DEFAULT);
        }
        return given.stream().map(HostFlags::full).toList();
    }

    private static String full(String text) {
        if (UNIX.matcher(text).matches()) {
            return text;
        }
        Matcher tcp = TCP.matcher(text);
        if (!tcp.matches() || Integer.parseInt(tcp.group(2)) > 65535) {
            throw new MachineException(
                    "\"" + text + "\" is not an address to listen on",
                    "write it as tcp://127.0.0.1:3376, 127.0.0.1:3376, :3376 or unix:///PATH",
                    ExitCode.USAGE);
        }
        String host = tcp.group(1).isEmpty() ? "0.0.0.0" : tcp.group(1);
        return "tcp://" + host + ":" + Integer.parseInt(tcp.group(2));
    }
}
