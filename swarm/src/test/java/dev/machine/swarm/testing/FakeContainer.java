package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A container of a {@link FakeEngine}. */
public final class FakeContainer {
    final String id;
    volatile String name;
    volatile String state = "running";
    final String image;
    final long memory;
    final long nanoCpus;
    volatile long created = 1_700_000_000L;

    FakeContainer(String id, String name, String image, long nanoCpus, long memory) {
        this.id = id;
        this.name = name;
        this.image = image;
        this.nanoCpus = nanoCpus;
        this.memory = memory;
    }

    public String id() {
        return id;
    }

    ObjectNode summary() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("Id", id).put("Image", image).put("ImageID", "sha256:aa").put("Command", "sleep");
        json.put("Created", created).put("State", state).put("FutureField", "kept");
        json.putArray("Names").add("/" + name);
        json.put("Status", state.equals("running") ? "Up 3 minutes" : "Exited (0) 2 hours ago");
        json.putObject("Labels").put("app", name);
        ObjectNode v4 = json.putArray("Ports").addObject();
        v4.put("IP", "0.0.0.0").put("PrivatePort", 80).put("PublicPort", 8080).put("Type", "tcp");
        json.withArray("Ports")
                .addObject()
                .put("IP", "::")
                .put("PrivatePort", 80)
                .put("PublicPort", 8080)
                .put("Type", "tcp");
        return json;
    }

    ObjectNode details() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("Id", id).put("Name", "/" + name);
        json.putObject("State")
                .put("Running", state.equals("running"))
                .put("StartedAt", "2026-01-01T00:00:00Z")
                .put("FinishedAt", "2026-01-02T00:00:00Z");
        json.putObject("HostConfig").put("NanoCpus", nanoCpus).put("Memory", memory);
        json.putObject("NetworkSettings")
                .putObject("Ports")
                .putArray("80/tcp")
                .addObject()
                .put("HostIp", "0.0.0.0")
                .put("HostPort", "8080");
        return json;
    }
}
