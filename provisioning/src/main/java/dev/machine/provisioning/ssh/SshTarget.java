package dev.machine.provisioning.ssh;

import dev.machine.driver.JumpHost;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A host to log in to, with nothing left open.
 *
 * @param address IP address or host name
 * @param port TCP port, 1 to 65535
 * @param key the private key that was named; empty means the usual ones
 * @param jump the host to go through
 * @param typed what the user calls the host, by which the user's SSH configuration knows it
 * @param trust which host key is believed before any is pinned, see {@link
 *     dev.machine.driver.SshRequest}
 * @param original the user's own file that {@code key} is a copy of: a certificate beside it may be
 *     newer than the copy
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

    /** A host that is reached straight, and trusted when it is first seen. */
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

    /** The same with that key. */
    public SshTarget withKey(Path named) {
        return new SshTarget(
                address, port, user, Optional.of(named), jump, typed, trust, Optional.empty());
    }

    /** As {@code pi@192.168.1.4}. */
    public String login() {
        return user + "@" + address;
    }
}
