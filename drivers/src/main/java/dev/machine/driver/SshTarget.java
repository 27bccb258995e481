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
 * @param hostKey the host key it was given when it was made, as {@code ssh-ed25519 AAAA…}, so that
 *     even the first connection trusts nobody else; empty where the machine made its own
 */
public record SshTarget(
        String address, int port, String user, Optional<Path> key, Optional<String> hostKey) {

    /** A machine whose host key is trusted when it is first seen. */
    public SshTarget(String address, int port, String user, Optional<Path> key) {
        this(address, port, user, key, Optional.empty());
    }
}
