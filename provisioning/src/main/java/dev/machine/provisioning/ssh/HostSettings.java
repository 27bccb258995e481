package dev.machine.provisioning.ssh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of {@code ~/.ssh/config} for one host; empty where it has none.
 *
 * @param identityFiles those that exist, or whose public half exists
 * @param certificateFiles the user's certificates ({@code CertificateFile}) that exist
 * @param identitiesOnly whether only the named keys may be offered
 * @param agent the socket of the agent instead of the default one; {@code none} for no agent
 * @param proxyJump as {@code user@host:port}
 * @param proxyCommand a command that only ssh can use
 * @param knownHostsFiles the user's files of host keys; empty for the default ones
 * @param globalKnownHostsFiles those of the whole computer; empty for the default ones
 * @param hostKeyAlias the host's name in those files
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

    /** A copy with these certificates first. */
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

    /** No settings. */
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
