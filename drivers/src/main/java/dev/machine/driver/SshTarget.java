package dev.machine.driver;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to reach a machine by SSH.
 *
 * @param address IP address or host name
 * @param port TCP port, 1 to 65535
 * @param key the private key the user named; empty means the usual places (see provisioning's
 *     credentials)
 */
public record SshTarget(String address, int port, String user, Optional<Path> key) {}
