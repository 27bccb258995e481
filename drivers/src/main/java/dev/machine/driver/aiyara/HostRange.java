package dev.machine.driver.aiyara;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.MachineName;
import dev.machine.driver.NameRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code --aiyara-host-range}: one range of addresses and a prefix for the names, {@code
 * 192.168.1.[11:15]} and {@code rack-1-node}, are the machines {@code rack-1-node-11} at {@code
 * 192.168.1.11} and so on.
 */
final class HostRange {
    private HostRange() {}

    /** One board of a range. */
    record Host(MachineName name, String address) {
        CreateRequest request(Map<String, String> options, String addressOption, String consumed) {
            Map<String, String> own = new HashMap<>(options);
            own.remove(consumed);
            own.put(addressOption, address);
            return new CreateRequest(name, own);
        }
    }

    /** The boards of a range; wrong ranges and prefixes are usage errors. */
    static List<Host> expand(String prefix, String range) {
        int open = range.indexOf('[');
        int close = range.indexOf(']');
        if (open < 0 || close < open || range.indexOf('[', open + 1) >= 0) {
            throw new MachineException(
                    "--aiyara-host-range=" + range + " must have one range, as 192.168.1.[11:15]",
                    "for one board give --aiyara-address",
                    ExitCode.USAGE);
        }
        if (prefix.contains("[")) {
            throw new MachineException(
                    "both \"" + prefix + "\" and --aiyara-host-range=" + range + " are ranges",
                    "with a host range give the beginning of the names, as rack-1-node",
                    ExitCode.USAGE);
        }
        String before = range.substring(0, open);
        String after = range.substring(close + 1);
        return NameRange.expand(range.substring(open, close + 1)).stream()
                .map(
                        value ->
                                new Host(
                                        new MachineName(prefix + "-" + value),
                                        // 09 keeps its width in a name; an address has no
                                        // leading zero.
                                        before + Integer.parseInt(value) + after))
                .toList();
    }
}
