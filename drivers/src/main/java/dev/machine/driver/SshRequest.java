package dev.machine.driver;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a machine is reached by SSH, as far as the user or the driver has said it. What is left open
 * the user's own SSH configuration may say, else SSH's custom.
 *
 * @param address IP address, host name, or a name that only the user's SSH configuration knows
 * @param key the private key to log in with; empty means the usual ones
 * @param jump the host to go through; empty means that nothing was said
 * @param trust which host key is believed before any is known: its fingerprint, or {@link #STRICT}
 * @param hostKey the host key it was given when it was made, as {@code ssh-ed25519 AAAA…}, so that
 *     even the first connection trusts nobody else; empty where the machine made its own
 */
public record SshRequest(
        String address,
        OptionalInt port,
        Optional<String> user,
        Optional<Path> key,
        Optional<JumpHost> jump,
        Optional<String> trust,
        Optional<String> hostKey) {

    /** No host key is believed that nobody has vouched for. */
    public static final String STRICT = "strict";

    /** The same with the host key that the machine was given. */
    public SshRequest withHostKey(Optional<String> given) {
        return new SshRequest(address, port, user, key, jump, trust, given);
    }
}
