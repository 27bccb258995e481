package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.testing.FakeEngine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the volumes of engines of three ages are shown as those of one. */
@Timeout(60)
class VolumeListTest extends VolumesOverThreeEngines {
    private static final String NFS =
            "{\"Driver\":\"local\",\"DriverOpts\":{\"type\":\"nfs\",\"o\":\"addr=10.0.0.9,rw\","
                    + "\"device\":\":/srv\"},\"Labels\":{\"a\":\"b\"}}";

    private static String filters(String json) {
        return "?filters=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
    }

    @Test
    void whatTheEndpointRemembersInLabelsIsNotShown() throws Exception {
        ready();
        String made =
                swarm.post("/volumes/create", "{\"Name\":\"a\",\"Labels\":{\"x\":\"y\"}}").body();
        assertThat(JSON.readTree(made).path("Labels").toString()).isEqualTo("{\"x\":\"y\"}");
        create("b");
        assertThat(holders("b").getFirst().volumes().volume("b").path("Labels").toString())
                .contains(UNPLACED);
        assertThat(swarm.get("/volumes/a").body()).doesNotContain(UNPLACED);
        assertThat(list(""))
                .extracting(volume -> volume.path("Labels").toString())
                .containsExactly("{\"x\":\"y\"}", "null");
        assertThat(JSON.readTree(swarm.get("/v1.41/volumes/b").body()).path("Labels").toString())
                .isEqualTo("{}");
    }

    @Test
    void differentVolumesOfOneNameAreShownWithTheirNodes() throws Exception {
        one.volumes().create("data");
        two.volumes().create("data");
        two.volumes().create("other");
        ready();
        assertThat(names("")).containsExactly("node-1/data", "node-2/data", "other");
        assertThat(names(filters("{\"name\":[\"node-2/data\"],\"node\":[\"node-2\"]}")))
                .containsExactly("node-2/data");
        answered(400, swarm.get("/volumes/data"), "node-1/data or node-2/data");
        answered(400, create("data"), "node-1/data or node-2/data");
        answered(400, swarm.delete("/volumes/data"), "node-1/data or node-2/data");
        assertThat(swarm.get("/volumes/node-2/data").body()).contains("\"Name\":\"data\"");
        assertThat(swarm.delete("/volumes/node-1/data").statusCode()).isEqualTo(204);
        assertThat(names("")).containsExactly("data", "other");
        assertThat(holders("data")).containsExactly(two);
    }

    @Test
    void theFiltersOfEnginesAndTheNodeSelect() throws Exception {
        one.volumes().createWith("a", "{\"Labels\":{\"k\":\"1\"}}");
        two.volumes().createWith("b", "{\"Labels\":{\"k\":\"2\"}}");
        three.volumes().createWith("c", "{\"Driver\":\"zfs\"}");
        ready();
        swarm.post(
                "/containers/create?name=x",
                "{\"Image\":\"x\",\"HostConfig\":{\"Binds\":[\"b:/d\"]}}");
        assertThat(names(filters("{\"label\":[\"k=2\"]}"))).containsExactly("b");
        assertThat(names(filters("{\"label\":{\"k\":true}}"))).containsExactly("a", "b");
        assertThat(names(filters("{\"driver\":[\"zfs\"]}"))).containsExactly("c");
        assertThat(names(filters("{\"name\":[\"b\",\"c\"]}"))).containsExactly("b", "c");
        assertThat(names(filters("{\"dangling\":[\"true\"]}"))).containsExactly("a", "c");
        assertThat(names(filters("{\"dangling\":[\"false\"]}"))).containsExactly("b");
        assertThat(names(filters("{\"node\":[\"node-1\",\"node-3\"]}"))).containsExactly("a", "c");
        answered(400, swarm.get("/volumes" + filters("{\"size\":[\"1\"]}")), "invalid filter");
    }

    @Test
    void warningsOfAllNodesAreShownOnce() throws Exception {
        ready();
        for (FakeEngine engine : swarm.engines()) {
            String warning = engine == one ? "mine" : "ours";
            engine.says(
                    "/volumes",
                    out ->
                            out.write(
                                    ("{\"Volumes\":null,\"Warnings\":[\"" + warning + "\"]}")
                                            .getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(swarm.get("/volumes").body())
                .isEqualTo("{\"Volumes\":[],\"Warnings\":[\"mine\",\"ours\"]}");
    }

    @Test
    void anEngineThatCannotListIsLeftOut() throws Exception {
        one.volumes().create("a");
        two.volumes().create("b");
        ready();
        two.volumes().answers(500);
        assertThat(names("")).containsExactly("a");
        one.volumes().answers(500);
        three.volumes().answers(500);
        answered(500, swarm.get("/volumes"), "driver");
    }

    @Test
    void aSharedVolumeIsListedOnceAndRemovedOnAllNodes() throws Exception {
        one.volumes().createWith("nfs", NFS);
        three.volumes().createWith("nfs", NFS);
        ready();
        assertThat(names("")).containsExactly("nfs");
        assertThat(swarm.get("/volumes/nfs").statusCode()).isEqualTo(200);
        assertThat(create("nfs").statusCode()).isEqualTo(201);
        assertThat(holders("nfs")).containsExactly(one, three);
        swarm.post(
                "/containers/create?name=x",
                "{\"Image\":\"x\",\"Env\":[\"constraint:node==node-3\"],"
                        + "\"HostConfig\":{\"Binds\":[\"nfs:/d\"]}}");
        assertThat(names(filters("{\"dangling\":[\"true\"]}"))).isEmpty();
        answered(409, swarm.delete("/volumes/nfs"), "node-3: remove nfs: volume is in use");
        swarm.delete("/containers/x");
        assertThat(swarm.delete("/volumes/nfs").statusCode()).isEqualTo(204);
        assertThat(holders("nfs")).isEmpty();
    }

    @Test
    void diskUsageShowsVolumesAsTheListDoes() throws Exception {
        one.volumes().create("data");
        two.volumes().create("data");
        one.volumes().createWith("media", "{\"Labels\":{\"machine.volume.shared\":\"true\"}}");
        two.volumes().createWith("media", "{\"Labels\":{\"machine.volume.shared\":\"true\"}}");
        ready();
        create("new");
        String usage = swarm.get("/system/df").body();
        assertThat(usage).doesNotContain(UNPLACED);
        assertThat(JSON.readTree(usage).path("Volumes"))
                .extracting(volume -> volume.path("Name").asText())
                .containsExactly("node-1/data", "node-2/data", "media", "new");
    }

    @Test
    void aNodeThatHangsDoesNotKeepTheOthersAnswer() throws Exception {
        one.volumes().create("near");
        two.volumes().create("far");
        ready();
        two.hang();
        assertThat(names("")).containsExactly("near");
        answered(503, swarm.get("/volumes/far"), "volume far is on node-2, which does not");
    }

    @Test
    void anEngineWhoseAnswerIsTooLongIsLeftOut() throws Exception {
        one.volumes().create("near");
        ready();
        byte[] volume =
                ("{\"Name\":\"" + "x".repeat(60_000) + "\"},").getBytes(StandardCharsets.UTF_8);
        two.says(
                "/volumes",
                out -> {
                    out.write("{\"Volumes\":[".getBytes(StandardCharsets.UTF_8));
                    for (int i = 0; i < 1000; i++) {
                        out.write(volume);
                    }
                    out.write("{\"Name\":\"end\"}]}".getBytes(StandardCharsets.UTF_8));
                });
        assertThat(names("")).containsExactly("near");
    }

    @Test
    void eventsOfAVolumeAreFoundByItsNameWithAndWithoutItsNode() throws Exception {
        one.volumes().create("data");
        two.volumes().create("data");
        two.volumes().create("other");
        ready();
        long now = Instant.now().getEpochSecond() + 1;
        String span = "&since=1&until=" + now;
        String both = swarm.get("/events" + filters("{\"volume\":[\"data\"]}") + span).body();
        assertThat(both).contains("\"node.name\":\"node-1\"", "\"node.name\":\"node-2\"");
        String second =
                swarm.get("/events" + filters("{\"volume\":[\"node-2/data\"]}") + span).body();
        assertThat(second)
                .contains("\"node.name\":\"node-2\"", "\"ID\":\"data\"")
                .doesNotContain("node-1", "other");
    }
}
