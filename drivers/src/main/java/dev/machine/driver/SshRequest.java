package dev.machine.driver;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a machine is reached by SSH, as far as the user or the driver says so. The rest comes from
 * the user's SSH configuration, or from SSH's defaults.
 *
 * @param address IP address, host name, or a name that only the user's SSH configuration knows
 * @param key the private key to log in with; empty means the usual ones
 * @param jump the host to go through; empty if the user did not say
 * @param trust the host key that is accepted on the first connection: its fingerprint, or {@link
 *     #STRICT}
 * @param hostKey the host key that was put into the machine when it was made, as {@code ssh-ed25519
 *     AAAA…}, so that the first connection accepts no other; empty if the machine made its own
 */
public record SshRequest(
        String address,
        OptionalInt port,
        Optional<String> user,
        Optional<Path> key,
        Optional<JumpHost> jump,
        Optional<String> trust,
        Optional<String> hostKey) {

    /** An unknown host key is refused. */
    public static final String STRICT = "strict";

    /** A copy with the host key that was put into the machine. */
    public SshRequest withHostKey(Optional<String> given) {
        return new SshRequest(address, port, user, key, jump, trust, given);
    }
}
