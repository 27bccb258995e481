package dev.machine.swarm.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.JsonFault;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.volume.EngineVolumes;
import dev.machine.swarm.volume.VolumeCreator;
import dev.machine.swarm.volume.VolumeLabels;
import dev.machine.swarm.volume.VolumeLocator;
import dev.machine.swarm.volume.VolumeLocator.Held;
import java.io.IOException;
import java.util.List;

/**
 * Calls that name one volume: {@code NAME}, or {@code NODE/NAME} if several nodes have the name.
 */
final class VolumeCalls {
    private final VolumeLocator locator;
    private final VolumeCreator creator;

    VolumeCalls(VolumeLocator locator, VolumeCreator creator) {
        this.locator = locator;
        this.creator = creator;
    }

    Response inspect(Call call) {
        List<Held> held = locator.one(call.name());
        EngineCache engine = VolumeLocator.answering(held);
        try (EngineReply reply = EngineProxy.send(engine, call, path(held))) {
            byte[] body = reply.whole(call.request().share());
            if (reply.status() == 404) {
                engine.invalidateVolumes();
            }
            call.request().share().takeTree(body.length);
            return answer(reply.status(), body, call.version());
        } catch (IOException e) {
            throw EngineProxy.unanswered(engine, e.getMessage());
        }
    }

    Response create(Call call) throws IOException {
        EngineClient.Answer answer = creator.create(settings(call), call.version());
        return answer(answer.status(), answer.body(), call.version());
    }

    private static ObjectNode settings(Call call) throws IOException {
        byte[] body = call.request().body().whole(Route.MAX_BODY_BYTES);
        call.request().share().takeTree(body.length);
        String problem = "the settings of a volume must be a JSON object";
        try {
            if (ExactJson.read(body) instanceof ObjectNode settings) {
                return settings;
            }
        } catch (JsonProcessingException e) {
            problem = "the settings of the volume are not valid JSON: " + JsonFault.words(e);
        }
        throw new HttpProblem(400, problem);
    }

    private static Response answer(int status, byte[] body, ApiVersion version) throws IOException {
        if (status >= 300 || !(ExactJson.read(body) instanceof ObjectNode volume)) {
            return Response.json(status, body);
        }
        VolumeLabels.hide(volume, version);
        return Response.json(status, ExactJson.write(volume));
    }

    /** Removes a volume; a shared one on all nodes that have it. */
    Response remove(Call call) {
        List<Held> held = locator.find(call.name());
        if (held.isEmpty() && call.target().flag("force")) {
            return Response.empty(204);
        }
        held = locator.one(call.name());
        FanOutCall calls = new FanOutCall(call);
        String name = held.getFirst().volume().name();
        held.forEach(each -> calls.ask(each.engine(), path(List.of(each))));
        List<FanOutCall.Answer> answers = calls.all();
        answers.forEach(answer -> EngineVolumes.removed(answer.engine(), name, answer.status()));
        if (answers.size() == 1 && !answers.getFirst().good()) {
            return Response.problem(answers.getFirst().status(), answers.getFirst().message());
        }
        FanOutCall.good(answers.stream().filter(answer -> answer.status() != 404).toList());
        return Response.empty(204);
    }

    private static String path(List<Held> held) {
        return "/volumes/" + EngineProxy.encoded(held.getFirst().volume().name());
    }
}
