package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.engine.Network;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.network.SwarmNetwork;
import dev.machine.swarm.network.SwarmNetworks;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /networks/prune}: removes the networks that no container is connected to on any node.
 * An engine is not asked to prune, because a network that it does not use may be used elsewhere.
 */
final class NetworkPrune {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkPrune.class);
    private static final Set<String> KNOWN = Set.of("until", "label", "label!");

    private final Cluster cluster;
    private final SwarmNetworks networks;
    private final InstantSource clock;

    NetworkPrune(Cluster cluster, SwarmNetworks networks, InstantSource clock) {
        this.cluster = cluster;
        this.networks = networks;
        this.clock = clock;
    }

    Response prune(Call call) throws IOException {
        cluster.awaitFresh();
        QueryFilters filters = QueryFilters.of(call.target(), KNOWN);
        List<Instant> until =
                filters.all("until").stream()
                        .map(text -> PruneUntil.parse(text, clock.instant()))
                        .toList();
        ArrayNode removed = JsonNodeFactory.instance.arrayNode();
        for (SwarmNetwork network : networks.all()) {
            if (isWanted(network, filters, until) && isUnused(network)) {
                remove(network, removed);
            }
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("NetworksDeleted", removed);
        return Response.json(200, ExactJson.write(answer));
    }

    private static boolean isWanted(
            SwarmNetwork network, QueryFilters filters, List<Instant> until) {
        Network first = network.parts().getFirst().network();
        return !first.predefined()
                && first.scope().equals("local")
                && filters.labels(first.labels())
                && filters.all("label!").stream()
                        .noneMatch(label -> QueryFilters.has(first.labels(), label))
                && until.stream().allMatch(limit -> created(first).isBefore(limit));
    }

    /** A network whose age is not known is not older than anything. */
    private static Instant created(Network network) {
        try {
            return OffsetDateTime.parse(network.json().path("Created").asText("")).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.MAX;
        }
    }

    /** A node that does not answer may use it. */
    private static boolean isUnused(SwarmNetwork network) {
        List<FanOutQuery.Answer<JsonNode>> answers =
                FanOutQuery.ask(
                                network.healthyEngines(),
                                engine -> NetworkCalls.details(engine, network, ""))
                        .all();
        return answers.size() == network.parts().size()
                && answers.stream()
                        .allMatch(
                                answer ->
                                        answer.value() != null
                                                && answer.value().path("Containers").isEmpty());
    }

    private static void remove(SwarmNetwork network, ArrayNode removed) {
        boolean all = true;
        for (FanOutQuery.Answer<Network> answer : NetworkCalls.remove(network)) {
            if (answer.problem() != null) {
                all = false;
                LOG.warn(
                        "{}: network {} not pruned: {}",
                        answer.engine().name(),
                        network.name(),
                        answer.problem().sentence());
            }
        }
        if (all) {
            removed.add(network.name());
        }
    }
}
