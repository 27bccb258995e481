package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.http.HttpProblem;
import java.io.IOException;
import java.util.List;

/**
 * Parts of a change of a container that older engines ignore without a word. They are refused with
 * the reason (moby, api/docs/CHANGELOG.md and daemon/server/router/container/container_routes.go).
 */
final class NewerChanges {
    private static final ApiVersion SIGNAL_OF_STOP = new ApiVersion(1, 42);
    private static final ApiVersion DEVICES_OF_UPDATE = new ApiVersion(1, 55);
    private static final List<String> DEVICES =
            List.of(
                    "BlkioWeightDevice",
                    "BlkioDeviceReadBps",
                    "BlkioDeviceWriteBps",
                    "BlkioDeviceReadIOps",
                    "BlkioDeviceWriteIOps");

    private NewerChanges() {}

    /**
     * The call as the engine must get it.
     *
     * @param action the last word of its path
     * @throws HttpProblem 400 if the engine would ignore a part of it
     */
    static Call forEngine(Call call, String action, EngineCache engine) throws IOException {
        EngineFacts facts = engine.status().facts();
        if (facts == null) {
            return call;
        }
        return switch (action) {
            case "stop", "restart" -> {
                refuseSignal(call, action, engine.name(), facts);
                yield call;
            }
            case "update" -> withDevices(call, engine.name(), facts);
            default -> call;
        };
    }

    /** A client that speaks an older version itself cannot expect its signal to be used. */
    private static void refuseSignal(Call call, String action, String node, EngineFacts facts) {
        String signal = call.target().parameter("signal");
        if (signal != null
                && !signal.isBlank()
                && call.version().compareTo(SIGNAL_OF_STOP) >= 0
                && facts.highest().compareTo(SIGNAL_OF_STOP) < 0) {
            throw tooOld(
                    node,
                    facts,
                    "the signal of " + action,
                    SIGNAL_OF_STOP,
                    "send it with docker kill -s " + signal + " " + call.name());
        }
    }

    /** Engines obey these settings only in a version that is newer than the endpoint's own. */
    private static Call withDevices(Call call, String node, EngineFacts facts) throws IOException {
        byte[] body = call.request().body().whole(Route.MAX_BODY_BYTES);
        call.request().share().takeTree(body.length);
        JsonNode update;
        try {
            update = ExactJson.read(body);
        } catch (IOException e) {
            // The engine says what is wrong with it.
            return call;
        }
        for (String setting : DEVICES) {
            if (update.path(setting).isEmpty()) {
                continue;
            }
            if (facts.highest().compareTo(DEVICES_OF_UPDATE) < 0) {
                throw tooOld(
                        node,
                        facts,
                        setting + " in an update",
                        DEVICES_OF_UPDATE,
                        "create the container again with it");
            }
            return new Call(call.request(), call.target(), call.name(), DEVICES_OF_UPDATE);
        }
        return call;
    }

    private static HttpProblem tooOld(
            String node, EngineFacts facts, String what, ApiVersion since, String cure) {
        return new HttpProblem(
                400,
                "the Docker of node %s ignores %s: it needs API %s, the node speaks up to %s; %s"
                        .formatted(node, what, since, facts.highest(), cure));
    }
}
