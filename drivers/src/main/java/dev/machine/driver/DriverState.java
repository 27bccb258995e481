package dev.machine.driver;

import dev.machine.common.MachineException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a driver must remember about one machine: strings by key, kept in {@code machine.json} and
 * passed to the driver on every call. It never contains a secret.
 */
public record DriverState(Map<String, String> values) {
    public DriverState {
        values = Map.copyOf(new TreeMap<>(values));
    }

    /**
     * The value of a key that the driver always writes; it is absent only in a record that was
     * edited by hand.
     */
    public String required(String key) {
        return find(key)
                .orElseThrow(
                        () ->
                                new MachineException(
                                        "the machine's record has no driverState." + key));
    }

    /** A port that the driver itself wrote. */
    public int port(String key) {
        String value = required(key);
        return TcpPort.parse(value)
                .orElseThrow(
                        () ->
                                new MachineException(
                                        "the machine's record has \""
                                                + value
                                                + "\" as driverState."
                                                + key
                                                + ", which is not a port"));
    }

    /** A copy with this value added or replaced. */
    public DriverState with(String key, String value) {
        Map<String, String> all = new TreeMap<>(values);
        all.put(key, value);
        return new DriverState(all);
    }

    /** A copy without this key. */
    public DriverState without(String key) {
        Map<String, String> all = new TreeMap<>(values);
        all.remove(key);
        return new DriverState(all);
    }

    /** The value of a key that may be absent. */
    public Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key));
    }
}
