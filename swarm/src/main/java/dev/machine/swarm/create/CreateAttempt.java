package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.LinearPattern;
import dev.machine.swarm.create.CreateOutcome.Created;
import dev.machine.swarm.create.CreateOutcome.NotSent;
import dev.machine.swarm.create.CreateOutcome.Rejected;
import dev.machine.swarm.create.CreateOutcome.Unknown;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.Answer;
import dev.machine.swarm.engine.EngineClient.NotSentException;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineRequest;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.image.Pulls;
import dev.machine.swarm.image.Pulls.PullFailed;
import dev.machine.swarm.network.NetworkMaker;
import dev.machine.swarm.network.NetworkMaker.RefusedException;
import dev.machine.swarm.network.SwarmNetwork;
import dev.machine.swarm.schedule.EngineNode;
import dev.machine.swarm.schedule.PlacementRequest;
import dev.machine.swarm.volume.ContainerVolumes;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Asks one engine to create a container, after a pull if it does not have the image. A client that
 * goes away ends the pull but not the create, because an engine does not stop that either.
 */
final class CreateAttempt {
    /**
     * The deadline of a create, in deadlines of a list. A create on a worn SD card may take a
     * minute; this is for engines that hang in it.
     */
    private static final int DEADLINE_IN_LISTS = 12;

    private static final LinearPattern NO_IMAGE =
            LinearPattern.of("(?i)no such image|was found but (does not match|its platform)");

    private final CreateSpec spec;
    private final PlacementRequest request;
    private final String image;
    private final EngineCache engine;
    private final Semaphore room;
    private ExtraNetworks extra = ExtraNetworks.NONE;

    CreateAttempt(CreateSpec spec, PlacementRequest request, String image, EngineNode node) {
        this.spec = spec;
        this.request = request;
        this.image = image;
        this.engine = node.engine();
        this.room = node.creates();
    }

    /**
     * Returns when the outcome is known or the node is lost.
     *
     * @throws PullFailed if the node does not have the image and cannot pull it
     */
    CreateOutcome run(NetworkMaker networks, ContainerVolumes volumes, Pulls pulls)
            throws PullFailed {
        try {
            for (SwarmNetwork network : spec.networks().ofSwarm()) {
                networks.ensure(engine, network);
            }
            volumes.bring(request, engine);
        } catch (RefusedException e) {
            return new Rejected(e.status(), "it cannot have the network: " + e.getMessage(), true);
        } catch (HttpProblem e) {
            return rejected(e.status(), e.sentence());
        } catch (NotSentException e) {
            return new NotSent("did not answer: " + e.getMessage());
        } catch (IOException e) {
            return new NotSent("did not make the network: " + e.getMessage());
        }
        try {
            long asking = System.nanoTime();
            Answer answer = send();
            if (missesImage(answer)) {
                Cancellation client = spec.call().request().cancellation();
                pulls.pull(new Pulls.Order(engine, image, spec.platform(), null, asking), client);
                answer = send();
            }
            if (answer.status() != 201) {
                return rejected(answer);
            }
            String id = ExactJson.read(answer.body()).path("Id").asText();
            Optional<CreateOutcome> failure = extra.connect(engine, id, deadline());
            if (failure.isPresent()) {
                return failure.get();
            }
            adopt(id);
            return new Created(answer.body());
        } catch (NotSentException e) {
            return new NotSent("did not answer: " + e.getMessage());
        } catch (IOException e) {
            var later = new CompletableFuture<Optional<String>>();
            Thread.ofVirtual()
                    .name("lost-" + request.name())
                    .start(() -> later.complete(findLost()));
            return new Unknown(
                    "did not say whether it created the container: " + e.getMessage(), later);
        }
    }

    /** The id of the container if it was created nevertheless, with all its networks. */
    private Optional<String> findLost() {
        Optional<String> id = new LostCreateProbe(engine, request.swarmId()).find();
        if (id.isEmpty()) {
            return id;
        }
        return switch (extra.connect(engine, id.get(), deadline()).orElse(null)) {
            case null -> id;
            case Unknown unknown -> unknown.later().join();
            case Created _, Rejected _, NotSent _ -> Optional.empty();
        };
    }

    private Answer send() throws IOException {
        EngineFacts facts = engine.status().facts();
        if (facts == null) {
            throw new IOException("the node has left the swarm");
        }
        Duration deadline = deadline();
        ApiVersion client = spec.call().version();
        ApiVersion version = facts.speak(client);
        CreateBody.ForEngine body = spec.body().forEngine(image, client, version);
        extra = body.extra();
        EngineRequest post =
                new EngineRequest(
                        "POST",
                        "/v" + version + "/containers/create" + query(),
                        spec.call().request().headers().endToEnd(),
                        RequestBody.of(body.settings()),
                        new Cancellation());
        boolean entered = false;
        try {
            entered = room.tryAcquire(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (!entered) {
                return new Answer(
                        503,
                        "{\"message\":\"it is busy with other creates\"}"
                                .getBytes(StandardCharsets.UTF_8));
            }
            return engine.client().call(post, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the endpoint is stopping", e);
        } finally {
            if (entered) {
                room.release();
            }
        }
    }

    private Duration deadline() {
        return engine.timings().list().multipliedBy(DEADLINE_IN_LISTS);
    }

    /** The client's query with the name that the container gets. */
    private String query() {
        StringBuilder query = new StringBuilder("?name=").append(encoded(request.name()));
        String given = spec.call().target().rawQuery();
        for (String pair : given == null ? new String[0] : given.split("&", -1)) {
            if (!pair.equals("name") && !pair.startsWith("name=") && !pair.isEmpty()) {
                query.append('&').append(pair);
            }
        }
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static boolean missesImage(Answer answer) {
        return answer.status() == 404 && NO_IMAGE.found(LimitedJson.message(answer.body()));
    }

    /** A request that is wrong on one node (4xx) is wrong on every node. */
    static Rejected rejected(Answer answer) {
        return rejected(answer.status(), LimitedJson.message(answer.body()));
    }

    private static Rejected rejected(int status, String message) {
        return new Rejected(status, message, status >= 500 || status == 404);
    }

    /**
     * Puts the container in the cache at once: the client's next call names it, before any event.
     */
    private void adopt(String id) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("Id", id).put("Image", image).put("ImageID", "").put("Command", "");
        entry.put("Created", System.currentTimeMillis() / 1000).put("State", "created");
        entry.put("Status", "Created");
        entry.putArray("Names").add("/" + request.name());
        entry.putArray("Ports");
        entry.putArray("Mounts");
        ObjectNode labels = entry.putObject("Labels");
        request.labels().forEach(labels::put);
        JsonNode network = spec.body().json().path("HostConfig").path("NetworkMode");
        entry.putObject("HostConfig").put("NetworkMode", network.asText("default"));
        ObjectNode networks = entry.putObject("NetworkSettings").putObject("Networks");
        for (SwarmNetwork joined : spec.networks().ofSwarm()) {
            networks.putObject(joined.localName()).put("NetworkID", joined.id());
        }
        engine.adopt(entry, request.resources());
        adoptVolumes(id);
        for (JsonNode link : spec.body().json().path("HostConfig").path("Links")) {
            // The other container has one more name now.
            Container other = engine.containers().byName(link.asText().split(":", 2)[0]);
            if (other != null) {
                engine.invalidate(other.id());
            }
        }
    }

    /** Puts the volumes in the cache at once: the next create may name them. */
    private void adoptVolumes(String id) {
        boolean made = false;
        for (PlacementRequest.Volume volume : request.conditions().volumes()) {
            made |= engine.volumes().get(volume.name()) == null;
            if (!engine.volumes().seen(volume.name())) {
                engine.invalidateVolumes();
            }
        }
        if (made) {
            // Only the engine tells whether other nodes have the volume too.
            engine.invalidateVolumes();
        }
        JsonNode host = spec.body().json().path("HostConfig");
        if (!host.path("Binds").isEmpty()
                || !host.path("Mounts").isEmpty()
                || !spec.body().json().path("Volumes").isEmpty()) {
            // Only the engine's list tells what is mounted.
            engine.invalidate(id);
        }
    }
}
