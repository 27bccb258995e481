package dev.machine.swarm.discovery;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an engine listens, as classic swarm wrote it: {@code host:port}, the port is a must. An
 * IPv6 address stands in brackets.
 *
 * @param host a name or an address, without brackets
 */
public record EngineAddress(String host, int port) {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.%a-z]+)]|([^\\[\\]:/\\s]+)):([0-9]{1,5})");
    private static final Pattern RANGE = Pattern.compile("\\[([0-9]{1,9}):([0-9]{1,9})]");
    private static final int MOST = 4096;

    /**
     * Reads one address.
     *
     * @throws MachineException if it is not {@code host:port}
     */
    public static EngineAddress parse(String text) {
        Matcher matcher = ADDRESS.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : 0;
        if (port < 1 || port > 65535) {
            throw usage("\"" + text + "\" is not host:port");
        }
        return new EngineAddress(
                matcher.group(1) != null ? matcher.group(1) : matcher.group(2), port);
    }

    /**
     * The addresses of an item with at most one range, as {@code 10.0.0.[11:100]:2376} or {@code
     * node-[01:20]:2376}; a first number with leading zeros gives the width.
     */
    public static List<EngineAddress> expand(String item) {
        Matcher range = RANGE.matcher(item);
        if (!range.find()) {
            return List.of(parse(item));
        }
        int first = Integer.parseInt(range.group(1));
        int last = Integer.parseInt(range.group(2));
        if (last < first || last - first >= MOST) {
            throw usage(
                    "the range of \"" + item + "\" must go upwards and have at most 4096 steps");
        }
        int width = range.group(1).startsWith("0") ? range.group(1).length() : 1;
        List<EngineAddress> all = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            all.add(
                    parse(
                            item.substring(0, range.start())
                                    + ("%0" + width + "d").formatted(number)
                                    + item.substring(range.end())));
        }
        return all;
    }

    private static MachineException usage(String sentence) {
        return new MachineException(
                sentence,
                "an engine's address is written as 10.0.0.11:2376, several as 10.0.0.[11:19]:2376",
                ExitCode.USAGE);
    }

    @Override
    public String toString() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
