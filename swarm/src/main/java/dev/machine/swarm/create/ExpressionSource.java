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
 * Where the expressions of a container stand: in its environment ({@code -e
 * constraint:provider==aiyara}) or as a JSON list in a label ({@code
 * com.docker.swarm.constraints}). Those of the environment are moved to the label, so that the
 * engine keeps them and the container does not see them.
 */
enum ExpressionSource {
    CONSTRAINT("constraints"),
    AFFINITY("affinities"),
    RESCHEDULE("reschedule-policies"),
    WHITELIST("whitelists");

    private static final int MAX_EXPRESSIONS = 100;

    /** One second of matching at worst, because creates with volumes wait for one another. */
    private static final long MAX_STEPS = 30_000_000;

    private final String label;

    ExpressionSource(String label) {
        this.label = "com.docker.swarm." + label;
    }

    /**
     * Reads all expressions and moves those of the environment to labels.
     *
     * @throws HttpProblem 400 if a label is not a list or a reschedule policy is not supported
     */
    static Expressions takeFrom(CreateBody body) {
        MatchBudget budget = new MatchBudget(MAX_STEPS);
        Expressions expressions =
                new Expressions(
                        expressions(CONSTRAINT.texts(body), budget),
                        expressions(AFFINITY.texts(body), budget),
                        expressions(WHITELIST.texts(body), budget));
        refuseRescheduling(RESCHEDULE.texts(body));
        return expressions;
    }

    /** The endpoint does not reschedule yet, so nobody shall rely on it. */
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
                    "a container can have at most "
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
            // Reported below, like JSON that is not a list.
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
