package dev.machine.swarm;

import dev.machine.swarm.discovery.Discovery;
import dev.machine.swarm.discovery.PemFiles;
import dev.machine.swarm.schedule.Strategy;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint needs to know.
 *
 * @param listening where clients reach it
 * @param engines which engines belong to the swarm, and how they are reached
 * @param scheduling how a node is chosen
 * @param images which image a node gets
 * @param lock a file that is locked, with the process's pid in it, as long as the endpoint runs;
 *     null for none
 */
public record EndpointOptions(
        Listening listening,
        Engines engines,
        Scheduling scheduling,
        Images images,
        @Nullable Path lock) {

    /**
     * Where clients reach the endpoint.
     *
     * @param hosts addresses to listen on, as {@code tcp://127.0.0.1:3376} or {@code
     *     unix:///run/machine.sock}
     * @param tls the CA of clients, and the endpoint's own certificate and key; may be null where
     *     no address is TCP
     */
    public record Listening(List<String> hosts, @Nullable PemFiles tls) {
        public Listening {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * The engines behind the endpoint.
     *
     * @param discovery which engines belong to the swarm
     * @param certificate shown to engines instead of the certificate that their member file names;
     *     null for the latter
     */
    public record Engines(Discovery discovery, @Nullable ClientCertificate certificate) {}

    /** A certificate and its key, PEM. */
    public record ClientCertificate(Path cert, Path key) {}

    /**
     * How a node is chosen, as classic swarm's {@code --strategy}, {@code --filter} and {@code
     * --cluster-opt}.
     *
     * @param strategy how nodes are ranked: a name of {@link Strategy}
     * @param filters the names of the filters in the order they are applied; empty for all
     * @param overcommit the share of memory and CPUs that can be reserved beyond what the node has,
     *     0.05 for 5 %
     * @param createRetry how often a create that failed is tried on another node beyond what is
     *     tried anyway
     */
    public record Scheduling(
            String strategy, List<String> filters, double overcommit, int createRetry) {
        public Scheduling {
            filters = List.copyOf(filters);
        }

        public static Scheduling by(String strategy) {
            return new Scheduling(strategy, List.of(), 0.05, 0);
        }
    }

    /**
     * Which image a node gets.
     *
     * @param file the user's images.yaml; it may be created later; null for none
     * @param table where the table is, if not in that file: {@code file:PATH} or {@code
     *     redis://HOST:PORT/DB}; null for none
     * @param check whether the registry is asked if a rule's image exists before it is used (false:
     *     {@code --image-check=never})
     */
    public record Images(@Nullable Path file, @Nullable String table, boolean check) {
        public static final Images NONE = new Images(null, null, true);
    }
}
