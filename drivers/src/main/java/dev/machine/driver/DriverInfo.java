package dev.machine.driver;

import java.util.List;

/**
 * What a driver says about itself.
 *
 * @param name as typed after {@code -d}, for example {@code aiyara}; the prefix of its options
 * @param summary one line for {@code machine create --help}
 */
public record DriverInfo(String name, String summary, List<OptionSpec> options) {
    public DriverInfo {
        options = List.copyOf(options);
    }
}
