package dev.machine.provisioning.store;

import java.util.Optional;

/**
 * How a machine is reached by SSH, as its record keeps it.
 *
 * @param key the private key's file name inside the machine's own folder; if empty, the user's own
 *     keys are tried
 * @param jump {@code [user@]host[:port]} of the jump host, as the user or the SSH configuration
 *     names it
 */
public record SshAccess(
        String address, int port, String user, Optional<String> key, Optional<String> jump) {}
