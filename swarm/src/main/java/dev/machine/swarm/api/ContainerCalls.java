package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineMirror;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import java.io.IOException;
import java.util.List;

/** Calls that name one container: passed to its node. */
final class ContainerCalls {
    /** Numbers keep every digit they came with. */
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private final Owners owners;

    ContainerCalls(Owners owners) {
        this.owners = owners;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/containers/*/json", this::inspect),
                Route.of("GET", "/containers/**/json", this::inspect),
                Route.of("GET", "/containers/**/logs", this::pass),
                Route.of("GET", "/containers/**/top", this::pass),
                Route.of("GET", "/containers/**/stats", this::pass),
                Route.of("GET", "/containers/**/changes", this::pass),
                Route.of("GET", "/containers/**/export", this::pass),
                Route.of("GET|HEAD|PUT", "/containers/**/archive", this::pass),
                Route.of("POST", "/containers/**/wait", this::pass),
                Route.of("POST", "/containers/**/resize", this::pass),
                Route.of("POST", "/containers/**/start", call -> change(call, "start")),
                Route.of("POST", "/containers/**/stop", call -> change(call, "stop")),
                Route.of("POST", "/containers/**/restart", call -> change(call, "restart")),
                Route.of("POST", "/containers/**/kill", call -> change(call, "kill")),
                Route.of("POST", "/containers/**/pause", call -> change(call, "pause")),
                Route.of("POST", "/containers/**/unpause", call -> change(call, "unpause")),
                Route.of("POST", "/containers/**/rename", this::rename),
                Route.of("POST", "/containers/**/update", call -> change(call, "update")),
                Route.of("DELETE", "/containers/**", this::remove));
    }

    private Response pass(Call call) {
        Located located = owners.container(call.name());
        String action = call.target().rawSegments().getLast();
        return Owners.relay(Owners.send(located.engine(), call, path(located, "/" + action)));
    }

    private static String path(Located located, String rest) {
        return "/containers/" + located.container().id() + rest;
    }

    private Response change(Call call, String action) {
        Located located = owners.container(call.name());
        EngineReply reply = Owners.send(located.engine(), call, path(located, "/" + action));
        located.engine().touched(located.container().id(), action.equals("update"));
        return Owners.relay(reply);
    }

    private Response rename(Call call) {
        String name = call.target().parameter("name");
        if (name != null) {
            for (Located other : owners.named(name.replaceFirst("^/", ""))) {
                throw new HttpProblem(
                        409,
                        "Conflict. The container name \"/"
                                + name
                                + "\" is already in use by container \""
                                + other.container().id()
                                + "\" on node "
                                + other.engine().name()
                                + ". You have to remove (or rename) that container to be able to reuse that name.");
            }
        }
        return change(call, "rename");
    }

    private Response remove(Call call) {
        Located located = owners.container(call.name());
        EngineReply reply = Owners.send(located.engine(), call, path(located, ""));
        located.engine().touched(located.container().id(), false);
        return Owners.relay(reply);
    }

    private Response inspect(Call call) throws IOException {
        Located located = owners.container(call.name());
        try (EngineReply reply = Owners.send(located.engine(), call, path(located, "/json"))) {
            byte[] body = reply.body().readAllBytes();
            if (reply.status() != 200 || !(JSON.readTree(body) instanceof ObjectNode details)) {
                return Response.json(reply.status(), body);
            }
            describe(details, located.engine());
            return Response.json(200, JSON.writeValueAsBytes(details));
        } catch (IOException e) {
            throw new HttpProblem(
                    502, "node " + located.engine().name() + " did not answer: " + e.getMessage());
        }
    }

    /** Adds the node, and shows its address where a port is bound to any. */
    private static void describe(ObjectNode details, EngineMirror engine) {
        EngineFacts facts = engine.status().facts();
        String ip = engine.status().ip();
        ObjectNode node = details.putObject("Node");
        node.put("ID", facts == null ? "" : facts.id());
        node.put("IP", ip);
        node.put("Addr", engine.member().address());
        node.put("Name", engine.name());
        if (facts != null) {
            node.put("Cpus", facts.cpus());
            node.put("Memory", facts.memory());
            ObjectNode labels = node.putObject("Labels");
            facts.labels().forEach(labels::put);
        }
        for (JsonNode bindings : details.path("NetworkSettings").path("Ports")) {
            for (JsonNode binding : bindings) {
                String host = binding.path("HostIp").asText("");
                if (binding instanceof ObjectNode object
                        && (host.equals("0.0.0.0") || host.equals("::"))) {
                    object.put("HostIp", ip);
                }
            }
        }
    }
}
