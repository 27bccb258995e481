package dev.machine.swarm;

import dev.machine.swarm.discovery.EngineTls;
import dev.machine.swarm.discovery.Member;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The TLS contexts towards engines, one for all members that use the same files: it holds sessions
 * and costs memory.
 */
final class MemberTls {
    private final @Nullable Path cert;
    private final @Nullable Path key;
    private final Map<EngineTls, TlsFiles> contexts = new ConcurrentHashMap<>();

    MemberTls(@Nullable Path cert, @Nullable Path key) {
        this.cert = cert;
        this.key = key;
    }

    Supplier<SSLContext> of(Member member) {
        Path shown = cert == null ? member.cert() : cert;
        Path shownKey = key == null ? member.key() : key;
        return contexts.computeIfAbsent(
                new EngineTls(member.ca(), shown, shownKey),
                files -> new TlsFiles(files.ca(), files.cert(), files.key()));
    }
}
