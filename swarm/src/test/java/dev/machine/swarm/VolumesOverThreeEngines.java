package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;

/** Calls that make and list volumes. */
abstract class VolumesOverThreeEngines extends OverThreeEngines {
    static final String UNPLACED = "com.docker.swarm.volume.unplaced";

    HttpResponse<String> create(String name) throws Exception {
        return swarm.post("/volumes/create", "{\"Name\":\"" + name + "\"}");
    }

    List<JsonNode> list(String query) throws Exception {
        HttpResponse<String> answer = swarm.get("/volumes" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("Volumes").valueStream().toList();
    }

    List<String> names(String query) throws Exception {
        return list(query).stream().map(volume -> volume.path("Name").asText()).toList();
    }
}
