package dev.machine.driver;

import java.util.Map;
import java.util.Optional;

/**
 * What the user asks a driver for.
 *
 * @param name the machine's name, already checked
 * @param options by {@link OptionSpec#name}; flags, variables, {@code config.yaml} and defaults are
 *     merged already. It includes secrets, so {@link #toString} shows names only
 */
public record CreateRequest(MachineName name, Map<String, String> options) {
    public CreateRequest {
        options = Map.copyOf(options);
    }

    /** The value of an option; empty when nobody gave one. */
    public Optional<String> option(String optionName) {
        return Optional.ofNullable(options.get(optionName)).filter(value -> !value.isEmpty());
    }

    @Override
    public String toString() {
        return "CreateRequest[" + name + ", " + options.keySet() + "]";
    }
}
