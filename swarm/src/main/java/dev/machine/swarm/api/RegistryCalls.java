package dev.machine.swarm.api;

import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.Answer;
import dev.machine.swarm.engine.EngineClient.NotSentException;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineRequest;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.DistributionAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Questions to a registry: {@code POST /auth} and {@code GET /distribution/NAME/json}. The endpoint
 * does not know the rack's mirror or its CA, so one healthy engine asks. Credentials are passed on
 * and are neither kept nor logged.
 */
final class RegistryCalls {
    private static final int MAX_LOGIN_BYTES = 64 << 10;

    /** Nodes for one login: the first, and one more if no connection to it can be made. */
    private static final int MAX_LOGIN_NODES = 2;

    private static final int MAX_LOOKUP_NODES = 3;

    /** The deadline of a login, in deadlines of a list: an engine may try HTTPS, then HTTP. */
    private static final int LOGIN_DEADLINE_IN_LISTS = 6;

    private final Cluster cluster;

    RegistryCalls(Cluster cluster) {
        this.cluster = cluster;
    }

    /** {@code docker login}: what an engine answers is final, because the others ask the same. */
    Response login(Call call) throws IOException {
        byte[] body = call.request().body().whole(MAX_LOGIN_BYTES);
        Call whole = call.with(RequestBody.of(body));
        HttpProblem problem = nobody();
        for (EngineCache engine : healthy(MAX_LOGIN_NODES)) {
            try {
                Duration deadline = engine.timings().list().multipliedBy(LOGIN_DEADLINE_IN_LISTS);
                return shown(ask(engine, whole, "/auth", deadline));
            } catch (NotSentException e) {
                problem = EngineProxy.unanswered(engine, e.getMessage());
            } catch (IOException e) {
                throw EngineProxy.unanswered(engine, e.getMessage());
            }
        }
        throw problem;
    }

    /**
     * What a registry has under a name: the first answer of an engine that is the registry's. If an
     * engine cannot reach the registry, another one is asked.
     */
    Response distribution(Call call) {
        String path = "/distribution/" + EngineProxy.encoded(call.name()) + "/json";
        Response last = null;
        HttpProblem problem = nobody();
        for (EngineCache engine : healthy(MAX_LOOKUP_NODES)) {
            try {
                Answer answer = ask(engine, call, path, engine.timings().list());
                if (DistributionAnswer.isOfRegistry(
                        answer.status(), LimitedJson.message(answer.body()))) {
                    return shown(answer);
                }
                last = shown(answer);
            } catch (IOException e) {
                problem = EngineProxy.unanswered(engine, e.getMessage());
            }
        }
        if (last == null) {
            throw problem;
        }
        return last;
    }

    private static Answer ask(EngineCache engine, Call call, String path, Duration deadline)
            throws IOException {
        EngineFacts facts = engine.status().facts();
        if (facts == null) {
            throw new IOException("the node has left the swarm");
        }
        String query = call.target().rawQuery();
        // Not the client's own: the deadline cancels it, and another engine may be asked then.
        Cancellation own = new Cancellation();
        EngineRequest request =
                new EngineRequest(
                        call.request().method(),
                        "/v"
                                + facts.speak(call.version())
                                + path
                                + (query == null ? "" : "?" + query),
                        call.request().headers().endToEnd(),
                        call.request().body(),
                        own);
        try (Cancellation.Attachment _ = call.request().cancellation().attach(own::cancel)) {
            return engine.client().call(request, deadline);
        }
    }

    private List<EngineCache> healthy(int most) {
        List<EngineCache> healthy = new ArrayList<>();
        for (EngineCache engine : cluster.engines()) {
            if (engine.status().healthy() && healthy.size() < most) {
                healthy.add(engine);
            }
        }
        return healthy;
    }

    private static HttpProblem nobody() {
        return new HttpProblem(503, "no node answers, so the registry cannot be asked");
    }

    private static Response shown(Answer answer) {
        return answer.body().length == 0
                ? Response.empty(answer.status())
                : Response.json(answer.status(), answer.body());
    }
}
