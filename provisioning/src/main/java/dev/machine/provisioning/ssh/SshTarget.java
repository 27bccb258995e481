package dev.machine.provisioning.ssh;

import dev.machine.driver.JumpHost;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A host to log in to, fully specified.
 *
 * @param address IP address or host name
 * @param port TCP port, 1 to 65535
 * @param key the private key that was named; empty for the default keys
 * @param jump the host to go through
 * @param typed the host as the user typed it; the user's SSH configuration uses this name
 * @param trust which new host key is accepted, see {@link dev.machine.driver.SshRequest}
 * @param original the user's file of which {@code key} is a copy, because a certificate beside it
 *     may be newer
 */
public record SshTarget(
        String address,
        int port,
        String user,
        Optional<Path> key,
        Optional<JumpHost> jump,
        String typed,
        Optional<String> trust,
        Optional<Path> original) {

    /** A host that is reached directly, and whose first host key is accepted. */
    public SshTarget(String address, int port, String user, Optional<Path> key) {
        this(
                address,
                port,
                user,
                key,
                Optional.empty(),
                address,
                Optional.empty(),
                Optional.empty());
    }

    /** A copy with this key. */
    public SshTarget withKey(Path named) {
        return new SshTarget(
                address, port, user, Optional.of(named), jump, typed, trust, Optional.empty());
    }

    /** As {@code pi@192.168.1.4}. */
    public String login() {
        return user + "@" + address;
    }
}
