package dev.machine.swarm.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.cluster.ClusterEvent;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.RequestTarget;
import java.net.URLEncoder;
import java.util.List;
import java.util.Set;

/** Filters of events and images, applied to one of each: yes, no, or 400. */
class FilterFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void answersYesOrNoOrRefuses(byte[] input) {
        String text = new String(input, UTF_8);
        RequestTarget target =
                new RequestTarget(List.of(), "filters=" + URLEncoder.encode(text, UTF_8));
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("Type", "container").put("Action", "die").put("scope", "local");
        event.putObject("Actor").put("ID", "0123456789ab").putObject("Attributes").put("name", "x");
        try {
            assertThat(new EventFilter(target).accepts(new ClusterEvent("node", 1, event)))
                    .isIn(true, false);
        } catch (HttpProblem e) {
            assertThat(e.status()).isEqualTo(400);
        }
        ObjectNode image = JsonNodeFactory.instance.objectNode().put("Created", 1);
        image.putArray("RepoTags").add("docker.io/library/debian:12").add("<none>:<none>");
        try {
            ImageFilter filter = new ImageFilter(target, name -> 1);
            assertThat(filter.narrowed(image)).isSameAs(image);
        } catch (HttpProblem e) {
            assertThat(e.status()).isEqualTo(400);
        }
        ObjectNode names = JsonNodeFactory.instance.objectNode();
        names.putArray("name").add(text);
        RequestTarget named =
                new RequestTarget(
                        List.of(), "filters=" + URLEncoder.encode(names.toString(), UTF_8));
        try {
            assertThat(
                            QueryFilters.of(named, Set.of("name"))
                                    .found("name", List.of("rack-1-node-4/web")))
                    .isIn(true, false);
        } catch (HttpProblem e) {
            assertThat(e.status()).isEqualTo(400);
        }
    }
}
