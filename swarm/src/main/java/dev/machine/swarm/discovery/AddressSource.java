package dev.machine.swarm.discovery;

import java.util.List;
import java.util.Map;

/** A source of engines that gives only their addresses. */
public interface AddressSource {
    /** The addresses as they are now. Never waits long, never throws. */
    Addresses read();

    /**
     * Addresses at one moment.
     *
     * @param engines in the order given, each once
     * @param errors what is wrong, by file and line
     */
    record Addresses(List<EngineAddress> engines, Map<String, String> errors) {}
}
