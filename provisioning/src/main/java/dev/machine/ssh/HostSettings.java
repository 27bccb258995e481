package dev.machine.ssh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code ~/.ssh/config} says of one host; empty where it says nothing.
 *
 * @param identityFiles as far as they exist, or their public half does
 * @param certificateFiles the user's certificates ({@code CertificateFile}) that exist
 * @param identitiesOnly whether no other key shall be shown to it
 * @param agent the socket of the agent to ask instead of the usual one; {@code none} for none
 * @param proxyJump as {@code user@host:port}
 * @param proxyCommand of a way to it that only ssh can go
 */
public record HostSettings(
        Optional<String> hostName,
        OptionalInt port,
        Optional<String> user,
        List<Path> identityFiles,
        List<Path> certificateFiles,
        boolean identitiesOnly,
        Optional<String> agent,
        Optional<String> proxyJump,
        Optional<String> proxyCommand) {

    /** Nothing is said. */
    public static final HostSettings NONE =
            new HostSettings(
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
}
