package dev.machine.swarm;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint needs to know.
 *
 * @param hosts addresses to listen on, as {@code tcp://127.0.0.1:3376}
 * @param ca the CA of clients, PEM
 * @param cert the endpoint's own certificate, PEM
 * @param key its key, PEM
 * @param clientCert shown to engines instead of the certificate in a member file; null for the
 *     latter
 * @param clientKey its key
 * @param members the folder of member files; it may come into being later
 * @param strategy how nodes are ranked: spread, binpack or random
 * @param lock a file that is locked, with the process's pid in it, as long as the endpoint runs;
 *     null for none
 */
public record EndpointOptions(
        List<String> hosts,
        Path ca,
        Path cert,
        Path key,
        @Nullable Path clientCert,
        @Nullable Path clientKey,
        Path members,
        String strategy,
        @Nullable Path lock) {
    public EndpointOptions {
        hosts = List.copyOf(hosts);
    }
}
