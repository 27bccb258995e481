package dev.machine.swarm.discovery;

import dev.machine.common.HostPort;
import java.nio.file.Path;

/**
 * One engine of a swarm, as its member file describes it.
 *
 * @param name the node's name, unique in the swarm
 * @param host name or address of the engine; its certificate must have it
 * @param port its TCP port, for TLS
 * @param platform as {@code linux/arm/v7}; empty if the file does not say
 * @param ca what the engine's certificate is checked against
 * @param cert the client certificate to show
 * @param key its key
 */
public record Member(
        String name, String host, int port, String platform, Path ca, Path cert, Path key) {
    /** The address as {@code host:port}. */
    public String address() {
        return HostPort.of(host, port);
    }
}
