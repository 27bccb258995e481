package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.cluster.QualifiedName;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.ContainerPorts;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.schedule.NameClaim;
import dev.machine.swarm.schedule.NameRegistry;
import java.io.IOException;

/** Calls that name one container; each is passed to the node of the container. */
final class ContainerCalls {
    private final ContainerLocator locator;
    private final NameRegistry names;

    ContainerCalls(ContainerLocator locator, NameRegistry names) {
        this.locator = locator;
        this.names = names;
    }

    Response pass(Call call) {
        Located located = locator.find(call.name());
        return EngineProxy.pass(located.engine(), call, path(located, "/" + action(call)));
    }

    Response attach(Call call) {
        Located located = locator.find(call.name());
        return EngineProxy.hijack(located.engine(), call, path(located, "/attach"));
    }

    Response stats(Call call) {
        Located located = locator.find(call.name());
        EngineReply reply = EngineProxy.send(located.engine(), call, path(located, "/stats"));
        return NamedStats.in(
                NameStyle.of(call.request()),
                located.engine().name(),
                EngineProxy.relay(reply),
                call.request().share());
    }

    /**
     * A client that has been told that a container ended must find it ended in the next list too.
     */
    Response await(Call call) {
        Located located = locator.find(call.name());
        EngineReply reply = EngineProxy.send(located.engine(), call, path(located, "/wait"));
        Response told = EngineProxy.relay(reply);
        return told.body() instanceof Response.Relay(var source, long length, var owner)
                ? new Response(
                        told.status(),
                        told.headers(),
                        new Response.Relay(
                                new FirstByteHook(
                                        source,
                                        () -> located.engine().ended(located.container().id())),
                                length,
                                owner))
                : told;
    }

    /** The last word of the path: what is to be done with the container. */
    private static String action(Call call) {
        return call.target().rawSegments().getLast();
    }

    private static String path(Located located, String rest) {
        return "/containers/" + located.container().id() + rest;
    }

    Response change(Call call) throws IOException {
        String action = action(call);
        Located located = locator.find(call.name());
        Call sent = NewerChanges.forEngine(call, action, located.engine());
        EngineReply reply = EngineProxy.send(located.engine(), sent, path(located, "/" + action));
        String id = located.container().id();
        switch (action) {
            case "stop", "kill" -> located.engine().ended(id);
            case "update" -> located.engine().invalidateDetails(id);
            default -> located.engine().invalidate(id);
        }
        return EngineProxy.relay(reply);
    }

    /** Reserves the new name until the cache of the engine has it. */
    Response rename(Call call) throws IOException {
        Located located = locator.find(call.name());
        String given = call.target().parameter("name");
        String name = given == null ? "" : QualifiedName.bare(given);
        if (name.isBlank() || name.equals(located.container().name())) {
            return change(call);
        }
        try (NameClaim claim = names.claim(name)) {
            EngineReply reply = EngineProxy.send(located.engine(), call, path(located, "/rename"));
            located.engine().invalidate(located.container().id());
            locator.invalidateLinked(located);
            located.engine().awaitFresh(located.engine().timings().list());
            return EngineProxy.relay(reply);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpProblem(503, "the endpoint is stopping");
        }
    }

    /** Removes a container; its name and resources are free at once. */
    Response remove(Call call) {
        if (call.target().flag("link")) {
            ContainerLocator.Link link = locator.link(call.name());
            if (link != null) {
                return removeLink(call, link);
            }
        }
        Located located = locator.find(call.name());
        EngineReply reply = EngineProxy.send(located.engine(), call, path(located, ""));
        if (reply.status() == 204) {
            located.engine().removed(located.container().id());
            locator.invalidateLinked(located);
        } else {
            located.engine().invalidate(located.container().id());
        }
        return EngineProxy.relay(reply);
    }

    /** Removes a link, which only its engine knows by this name; the linked container stays. */
    private Response removeLink(Call call, ContainerLocator.Link link) {
        EngineReply reply = EngineProxy.send(link.parent().engine(), call, link.path());
        locator.invalidateLinked(link.parent());
        return EngineProxy.relay(reply);
    }

    Response inspect(Call call) throws IOException {
        Located located = locator.find(call.name());
        try (EngineReply reply = EngineProxy.send(located.engine(), call, path(located, "/json"))) {
            byte[] body = reply.whole(call.request().share());
            call.request().share().takeTree(body.length);
            if (reply.status() != 200 || !(ExactJson.read(body) instanceof ObjectNode details)) {
                return Response.json(reply.status(), body);
            }
            describe(details, located.engine());
            NameStyle style = NameStyle.of(call.request());
            String name = QualifiedName.bare(details.path("Name").asText(""));
            details.put("Name", "/" + style.alone(located.engine().name(), name));
            return Response.json(200, ExactJson.write(details));
        } catch (IOException e) {
            throw EngineProxy.unanswered(located.engine(), e.getMessage());
        }
    }

    /** Adds the node, and shows its address once where a port is bound to all addresses. */
    private static void describe(ObjectNode details, EngineCache engine) {
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
        Container.showNetworkIds(
                details.path("NetworkSettings").path("Networks"), engine.networks());
        ContainerPorts.showBindings(details.path("NetworkSettings").path("Ports"), ip);
    }
}
