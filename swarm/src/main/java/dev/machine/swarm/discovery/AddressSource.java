package dev.machine.swarm.discovery;

import java.util.List;
import java.util.Map;

/** Gives the addresses of engines, and nothing else of them. */
public interface AddressSource {
    /** The addresses as they are now; never waits long, never throws. */
    Addresses read();

    /**
     * Addresses at one moment.
     *
     * @param engines in the order given, each once
     * @param errors what is wrong, by where it stands
     */
    record Addresses(List<EngineAddress> engines, Map<String, String> errors) {}
}
