package dev.machine.swarm.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.schedule.Expression;
import dev.machine.swarm.schedule.Expressions;
import java.util.ArrayList;
import java.util.List;

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

    private static final List<String> POLICIES = List.of("off", "on-node-failure");

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
        Expressions expressions =
                new Expressions(
                        expressions(CONSTRAINT.texts(body)),
                        expressions(AFFINITY.texts(body)),
                        expressions(WHITELIST.texts(body)));
        List<String> policies = RESCHEDULE.texts(body);
        if (policies.size() > 1) {
            throw new HttpProblem(400, "too many reschedule policies");
        }
        for (String policy : policies) {
            if (!POLICIES.contains(policy)) {
                throw new HttpProblem(400, "invalid reschedule policy: " + policy);
            }
        }
        return expressions;
    }

    private static List<Expression> expressions(List<String> texts) {
        return texts.stream().map(Expression::parse).toList();
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
            JsonNode list = ExactJson.MAPPER.readTree(given);
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
        String prefix = name().toLowerCase(java.util.Locale.ROOT) + ":";
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
