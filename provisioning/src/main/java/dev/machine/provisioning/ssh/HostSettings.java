package dev.machine.provisioning.ssh;

import java.nio.file.Path;
import java.util.ArrayList;
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
 * @param knownHostsFiles the user's files of host keys; empty if not named, then the usual ones
 *     count
 * @param globalKnownHostsFiles those of the whole computer, likewise
 * @param hostKeyAlias the name by which those files know the host's key
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
        Optional<String> proxyCommand,
        Optional<List<Path>> knownHostsFiles,
        Optional<List<Path>> globalKnownHostsFiles,
        Optional<String> hostKeyAlias) {

    /** The same with these certificates before the others. */
    HostSettings withCertificates(List<Path> files) {
        List<Path> all = new ArrayList<>(files);
        all.addAll(certificateFiles);
        return new HostSettings(
                hostName,
                port,
                user,
                identityFiles,
                List.copyOf(all),
                identitiesOnly,
                agent,
                proxyJump,
                proxyCommand,
                knownHostsFiles,
                globalKnownHostsFiles,
                hostKeyAlias);
    }

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
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
}
