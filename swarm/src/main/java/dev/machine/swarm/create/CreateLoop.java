package dev.machine.swarm.create;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.MachineException;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.ImageName;
import dev.machine.swarm.image.Pulls.PullFailed;
import dev.machine.swarm.schedule.EngineNode;
import dev.machine.swarm.schedule.NameClaim;
import dev.machine.swarm.schedule.Placement;
import dev.machine.swarm.schedule.PlacementRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One container on its way to be: the best node is asked to make it, then others if that one
 * cannot. Its name and its room are held until it is known what has become of it, even if the
 * client has to be told earlier that this is not known.
 */
final class CreateLoop {
    private static final int TRIES = 3;

    private final CreateSpec spec;
    private final Placing placing;
    private final NameClaim name;
    private final List<String> warnings;
    private final Map<String, String> tried = new LinkedHashMap<>();
    private PlacementRequest request;
    private @Nullable Response failure;
    private boolean open;
    private int asks;

    CreateLoop(
            CreateSpec spec,
            Placing placing,
            NameClaim name,
            PlacementRequest request,
            List<String> warnings) {
        this.spec = spec;
        this.placing = placing;
        this.name = name;
        this.request = request;
        this.warnings = warnings;
    }

    /** The answer to the client. Gives the name back, now or when its fate is known. */
    Response run() {
        try {
            Response answer = null;
            while (answer == null && asks < TRIES + placing.retries()) {
                Placement placement = gone() ? null : place();
                if (placement == null) {
                    break;
                }
                answer = on(placement);
            }
            return answer != null
                    ? answer
                    : failure != null ? failure : Response.problem(500, "no node made it");
        } finally {
            if (!open) {
                name.close();
            }
        }
    }

    private boolean gone() {
        return spec.call().request().cancellation().cancelled();
    }

    /** A place, or null if there is none left and an earlier failure says more. */
    private @Nullable Placement place() {
        try {
            return placing.scheduler().place(request, tried);
        } catch (MachineException e) {
            if (failure == null) {
                throw e;
            }
            return null;
        }
    }

    /** The answer to the client, or null if another node shall be tried. */
    private @Nullable Response on(Placement placement) {
        try {
            EngineNode node = (EngineNode) placement.node();
            CreateAttempt attempt = new CreateAttempt(spec, request, placement.image(), node);
            CreateOutcome fate = attempt.run(placing.pulls());
            // One more try costs nothing where the engine was not even asked.
            asks += fate instanceof CreateOutcome.Unasked ? 0 : 1;
            return switch (fate) {
                case CreateOutcome.Made(byte[] answer) -> warned(answer);
                case CreateOutcome.Failed failed -> failed(node.name(), failed);
                case CreateOutcome.Unasked(String message) ->
                        failed(node.name(), new CreateOutcome.Failed(502, message, true));
                case CreateOutcome.Open unknown -> await(placement, unknown);
            };
        } catch (PullFailed e) {
            asks++;
            return withoutImage(placement.node().name(), e);
        } finally {
            if (!open) {
                placement.release().run();
            }
        }
    }

    private @Nullable Response failed(String node, CreateOutcome.Failed failed) {
        Response response =
                Response.problem(
                        failed.status(),
                        failed.elsewhere()
                                ? "node " + node + ": " + failed.message()
                                : failed.message());
        if (!failed.elsewhere()) {
            return response;
        }
        failure = response;
        tried.put(node, failed.message());
        return null;
    }

    /**
     * Goes where the image is already, if it is anywhere. Else a client that is told that there is
     * no such image pulls it with the credentials that it has.
     */
    private @Nullable Response withoutImage(String node, PullFailed e) {
        failure =
                e.refused()
                        ? Response.problem(
                                404, "No such image: " + ImageName.familiar(spec.body().image()))
                        : Response.problem(500, "node " + node + ": " + e.getMessage());
        tried.put(node, String.valueOf(e.getMessage()));
        placing.nodes().settle();
        if (!request.image().mustBePresent() && somewhere()) {
            request = request.whereImageIs();
            return null;
        }
        return e.refused() ? failure : null;
    }

    private boolean somewhere() {
        return placing.nodes().get().stream().anyMatch(request.image()::presentOn);
    }

    private @Nullable Response await(Placement placement, CreateOutcome.Open unknown) {
        String node = placement.node().name();
        try {
            Optional<String> id =
                    unknown.later().get(placing.patience().toMillis(), TimeUnit.MILLISECONDS);
            return id.isPresent()
                    ? made(id.get())
                    : failed(node, new CreateOutcome.Failed(502, unknown.message(), true));
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            open = true;
            var _ =
                    unknown.later()
                            .whenComplete(
                                    (id, error) -> {
                                        placement.release().run();
                                        name.close();
                                    });
            return Response.problem(
                    504,
                    "node "
                            + node
                            + " was lost while it made "
                            + name.name()
                            + ": "
                            + unknown.message()
                            + "; its name and room are kept until the node answers");
        }
    }

    /** The engine's answer with our own warning. */
    private Response warned(byte[] answer) {
        try {
            return !warnings.isEmpty() && ExactJson.read(answer) instanceof ObjectNode json
                    ? made(json)
                    : Response.json(201, answer);
        } catch (IOException e) {
            // What is not JSON has no place for it.
            return Response.json(201, answer);
        }
    }

    private Response made(String id) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("Id", id).putArray("Warnings");
        try {
            return made(answer);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Response made(ObjectNode answer) throws IOException {
        if (!warnings.isEmpty()) {
            ArrayNode all =
                    answer.get("Warnings") instanceof ArrayNode there
                            ? there
                            : answer.putArray("Warnings");
            warnings.forEach(all::add);
        }
        return Response.json(201, ExactJson.write(answer));
    }
}
