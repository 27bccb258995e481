package dev.machine.swarm.discovery;

import dev.machine.common.ExitCode;
import dev.machine.common.HostPort;
import dev.machine.common.LinearPattern;
import dev.machine.common.MachineException;
import java.util.ArrayList;
import java.util.List;

/**
 * The address of an engine in classic swarm's form: {@code host:port}, where the port is required.
 * An IPv6 address is written in brackets.
 *
 * @param host a name or an address, without brackets
 */
public record EngineAddress(String host, int port) {
    private static final LinearPattern ADDRESS =
            LinearPattern.of("(?:\\[([0-9A-Fa-f:.%a-z]+)]|([^\\[\\]:/\\s]+)):([0-9]{1,5})");
    private static final LinearPattern RANGE =
            LinearPattern.of("([^\\[]*)\\[([0-9]{1,9}):([0-9]{1,9})](.*)");
    private static final int MAX_RANGE = 4096;

    /**
     * Reads one address.
     *
     * @throws MachineException if it is not {@code host:port}
     */
    public static EngineAddress parse(String text) {
        List<String> parts = ADDRESS.groups(text);
        int port = parts == null ? 0 : Integer.parseInt(parts.get(3));
        if (parts == null || port < 1 || port > 65535) {
            throw usage("\"" + text + "\" is not host:port");
        }
        return new EngineAddress(parts.get(1) + parts.get(2), port);
    }

    /**
     * The addresses of an item with at most one range, as {@code 10.0.0.[11:100]:2376} or {@code
     * node-[01:20]:2376}; a first number with leading zeros gives the width.
     */
    public static List<EngineAddress> expand(String item) {
        List<String> range = RANGE.groups(item);
        if (range == null) {
            return List.of(parse(item));
        }
        String from = range.get(2);
        int first = Integer.parseInt(from);
        int last = Integer.parseInt(range.get(3));
        if (last < first || last - first >= MAX_RANGE) {
            throw usage("the range of \"" + item + "\" must go up and have at most 4096 addresses");
        }
        int width = from.startsWith("0") ? from.length() : 1;
        List<EngineAddress> all = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            String middle = ("%0" + width + "d").formatted(number);
            all.add(parse(range.get(1) + middle + range.get(4)));
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
        return HostPort.of(host, port);
    }
}
