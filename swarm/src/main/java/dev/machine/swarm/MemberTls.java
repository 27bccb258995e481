package dev.machine.swarm;

import dev.machine.swarm.EndpointOptions.ClientCertificate;
import dev.machine.swarm.discovery.Member;
import dev.machine.swarm.discovery.PemFiles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The TLS contexts for connections to engines. Members with the same files share one, because it
 * holds sessions and costs memory.
 */
final class MemberTls {
    private final @Nullable ClientCertificate ours;
    private final Map<PemFiles, TlsFiles> contexts = new ConcurrentHashMap<>();

    /**
     * The contexts of one endpoint.
     *
     * @param ours shown instead of the certificate that a member's file names; null for the latter
     */
    MemberTls(@Nullable ClientCertificate ours) {
        this.ours = ours;
    }

    Supplier<SSLContext> of(Member member) {
        PemFiles files =
                ours == null
                        ? new PemFiles(member.ca(), member.cert(), member.key())
                        : new PemFiles(member.ca(), ours.cert(), ours.key());
        return contexts.computeIfAbsent(files, TlsFiles::new);
    }
}
