package dev.machine.cli.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One machine as {@code ls} shows it.
 *
 * @param active DOCKER_HOST points at it
 * @param state as {@link dev.machine.provisioning.lifecycle.Lifecycle.State#word}; empty when it
 *     was not asked
 * @param swarm its master's name; {@code NAME (master)} for the master itself
 * @param master the master's name alone, for filters
 * @param docker the engine's version with a leading v, {@code Unknown} when it does not say
 * @param labels the engine labels the user asked for
 * @param millis how long the answer took
 */
record MachineRow(
        String name,
        boolean active,
        String driver,
        String state,
        String url,
        String swarm,
        String master,
        String platform,
        String docker,
        String error,
        Map<String, String> labels,
        long millis) {

    /** Column titles by template field: docker-machine's names, and Platform. */
    static final Map<String, String> TITLES = titles();

    private static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("Name", "NAME");
        titles.put("Active", "ACTIVE");
        titles.put("DriverName", "DRIVER");
        titles.put("State", "STATE");
        titles.put("URL", "URL");
        titles.put("Swarm", "SWARM");
        titles.put("Platform", "PLATFORM");
        titles.put("DockerVersion", "DOCKER");
        titles.put("Error", "ERRORS");
        return Collections.unmodifiableMap(titles);
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("Name", name);
        fields.put("Active", active ? "*" : "");
        fields.put("DriverName", driver);
        fields.put("State", state);
        fields.put("URL", url);
        fields.put("Swarm", swarm);
        fields.put("Platform", platform);
        fields.put("DockerVersion", docker);
        fields.put("Error", error);
        fields.put("ActiveHost", active);
        fields.put("ResponseTime", millis + "ms");
        fields.put("EngineLabels", labels);
        return fields;
    }

    Map<String, Object> structured() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", name);
        keys.put("active", active);
        keys.put("driver", driver);
        keys.put("state", state);
        keys.put("url", url);
        keys.put("swarm", master);
        keys.put("master", swarm.endsWith("(master)"));
        keys.put("platform", platform);
        keys.put("docker", docker);
        keys.put("error", error);
        return keys;
    }
}
