package dev.machine.swarm.create;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ExactJson;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.match.MatchBudget;
import dev.machine.swarm.schedule.Expression;
import dev.machine.swarm.schedule.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a container wishes of its node. It comes as environment ({@code -e
 * constraint:provider==aiyara}) or as labels with lists in JSON ({@code
 * com.docker.swarm.constraints}); the former becomes the latter, so that the engine keeps it and
 * the container does not see it.
 */
enum Wishes {
    CONSTRAINT("constraints"),
    AFFINITY("affinities"),
    RESCHEDULE("reschedule-policies"),
    WHITELIST("whitelists");

    private static final int MAX_EXPRESSIONS = 100;

    /** Of matching: one second at worst, because creates with volumes wait for one another. */
    private static final long MAX_STEPS = 30_000_000;

    private final String label;

    Wishes(String label) {
        this.label = "com.docker.swarm." + label;
    }

    /**
     * Moves all wishes into labels and reads them.
     *
     * @throws HttpProblem 400 if one cannot be read
     */
    static Expressions take(CreateBody body) {
        MatchBudget budget = new MatchBudget(MAX_STEPS);
        Expressions expressions =
                new Expressions(
                        expressions(CONSTRAINT.texts(body), budget),
                        expressions(AFFINITY.texts(body), budget),
                        expressions(WHITELIST.texts(body), budget));
        refuseRescheduling(RESCHEDULE.texts(body));
        return expressions;
    }

    /** Until it is built, nobody shall rely on it. */
    private static void refuseRescheduling(List<String> policies) {
        if (policies.size() > 1) {
            throw new HttpProblem(400, "too many reschedule policies");
        }
        for (String policy : policies) {
            if (policy.equals("on-node-failure")) {
                throw new HttpProblem(
                        400,
                        "the endpoint does not move containers from a lost node to another yet:"
                                + " create the container without reschedule:on-node-failure");
            }
            if (!policy.equals("off")) {
                throw new HttpProblem(400, "invalid reschedule policy: " + policy);
            }
        }
    }

    private static List<Expression> expressions(List<String> texts, MatchBudget budget) {
        if (texts.size() > MAX_EXPRESSIONS) {
            throw new HttpProblem(
                    400,
                    "a container has at most "
                            + MAX_EXPRESSIONS
                            + " constraints, affinities or whitelists each");
        }
        return texts.stream().map(text -> Expression.parse(text, budget)).toList();
    }

    private List<String> texts(CreateBody body) {
        List<String> texts = new ArrayList<>();
        String given = body.labels().get(label);
        if (given != null) {
            list(given).forEach(text -> texts.add(text.asText()));
        }
        if (takeFromEnvironment(body.json(), texts)) {
            ArrayNode list = body.json().arrayNode();
            texts.forEach(list::add);
            body.label(label, list.toString());
        }
        return texts;
    }

    private JsonNode list(String given) {
        try {
            JsonNode list = ExactJson.read(given);
            if (list.isArray()) {
                return list;
            }
        } catch (JsonProcessingException e) {
            // Said below.
        }
        throw new HttpProblem(400, "the label " + label + " is not a JSON list: " + given);
    }

    private boolean takeFromEnvironment(ObjectNode settings, List<String> texts) {
        if (!(settings.get("Env") instanceof ArrayNode env)) {
            return false;
        }
        String prefix = name().toLowerCase(Locale.ROOT) + ":";
        ArrayNode rest = settings.arrayNode();
        for (JsonNode variable : env) {
            if (variable.asText().startsWith(prefix)) {
                texts.add(variable.asText().substring(prefix.length()));
            } else {
                rest.add(variable);
            }
        }
        boolean found = rest.size() < env.size();
        if (found) {
            settings.set("Env", rest);
        }
        return found;
    }
}
