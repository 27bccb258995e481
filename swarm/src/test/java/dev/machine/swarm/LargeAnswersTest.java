package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines whose answers are made to exhaust memory: the others are served, and the reason told. */
@Timeout(120)
class LargeAnswersTest {
    @TempDir Path folder;
    private Swarm swarm;
    private FakeEngine good;
    private FakeEngine bad;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        good = swarm.engine("node-1", "1.24", "1.41");
        bad = swarm.engine("node-2", "1.24", "1.41");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private static void write(OutputStream out, String begin, String repeated, long times)
            throws IOException {
        byte[] bytes = repeated.getBytes(StandardCharsets.UTF_8);
        out.write(begin.getBytes(StandardCharsets.UTF_8));
        for (long i = 0; i < times; i++) {
            out.write(bytes);
        }
    }

    private void awaitReason(String reason) throws Exception {
        Await.until("the reason is told", () -> swarm.info().contains(reason));
    }

    private void awaitBothHealthy() throws Exception {
        Await.until("it is there", () -> swarm.info().split("Healthy", -1).length == 3);
    }

    /**
     * The node is lost for a reason, the other one is served, and it comes back when it is good.
     */
    private void lostBecause(String path, String reason) throws Exception {
        bad.event("daemon", "reload", "x", "x");
        awaitReason(reason);
        assertThat(swarm.info()).contains("Status: Unhealthy");
        HttpResponse<String> made = swarm.post("/containers/create", "{\"Image\":\"nginx\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(good.containers()).hasSize(1);
        bad.isGood(path);
        Await.until("it is back", () -> !swarm.info().contains("Unhealthy"));
    }

    @Test
    void anEntryOfAListWithoutEnd() throws Exception {
        swarm.start("spread");
        bad.says("/containers/json", out -> write(out, "[{\"Id\":\"", "aaaaaaaa", 1 << 20));
        lostBecause("/containers/json", "an entry of the engine's list is longer than 1 MiB");
    }

    @Test
    void aListOfShortEntriesWithoutEnd() throws Exception {
        swarm.start("spread");
        bad.says("/containers/json", out -> write(out, "[", "{\"Id\":\"a\"},", 3_000_000));
        lostBecause("/containers/json", "its list has no room beside those of the other nodes");
    }

    @Test
    void aListOfImagesOfManyEmptyObjects() throws Exception {
        swarm.start("spread");
        bad.says(
                "/images/json",
                out -> {
                    write(out, "[{\"Id\":\"a\",\"x\":[", "{},", 320_000);
                    write(out, "{}]}]", "", 0);
                });
        lostBecause("/images/json", "holds too many values");
    }

    @Test
    void anEngineThatIsSoFromTheBeginningIsNotPendingWithoutAReason() throws Exception {
        bad.says("/containers/json", out -> write(out, "[{\"Id\":\"", "aaaaaaaa", 1 << 20));
        bad.says("/version", out -> write(out, "{\"x\":\"", "aaaaaaaa", 1 << 20));
        swarm.startUnready("spread");
        awaitReason("the engine's answer is longer than 4 MiB");
        bad.isGood("/version");
        awaitReason("an entry of the engine's list is longer than 1 MiB");
        bad.isGood("/containers/json");
        awaitBothHealthy();
    }

    @Test
    void aDescriptionOfAContainerWithoutEndIsAnErrorOfItsNode() throws Exception {
        swarm.start("spread");
        String id = bad.container("web", "nginx", 0, 0).id();
        Await.until(
                "it is known", () -> swarm.get("/containers/json?all=1").body().contains("/web\""));
        bad.says("/containers/" + id + "/json", out -> write(out, "{\"x\":[", "{},", 10_000_000));
        HttpResponse<String> answer = swarm.get("/containers/web/json");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("node-2", "longer than 4 MiB");
    }

    @Test
    void labelsOfAnEngineWithoutEnd() throws Exception {
        bad.says(
                "/info",
                out -> {
                    write(out, "{\"NCPU\":1,\"MemTotal\":1,\"Labels\":[\"a=", "aaaaaaaa", 10_000);
                    write(out, "\"]}", "", 0);
                });
        swarm.startUnready("spread");
        awaitReason("the engine's labels are longer than 64 KiB");
        bad.isGood("/info");
        awaitBothHealthy();
    }

    @Test
    void anEngineOfLessThanNothing() throws Exception {
        bad.says("/info", out -> write(out, "{\"NCPU\":-5,\"MemTotal\":-1}", "", 0));
        swarm.startUnready("spread");
        awaitReason("has no CPUs or memory");
    }

    @Test
    void whatAnEngineSaysOfItselfBeginsNoLineInInfo() throws Exception {
        bad.says(
                "/info",
                out ->
                        write(
                                out,
                                "{\"NCPU\":1,\"MemTotal\":1,\"ServerVersion\":\"1\\r\\n\\u001b[2Jx\"}",
                                "",
                                0));
        swarm.start("spread");
        assertThat(swarm.info()).contains("1\\r\\n\\x1b[2Jx");
    }

    @Test
    void namesWithoutEndOfOneImageAreListedInShortTime() throws Exception {
        swarm.start("spread");
        for (FakeEngine engine : List.of(good, bad)) {
            engine.says(
                    "/images/json",
                    out -> {
                        write(out, "[{\"Id\":\"sha256:1\",\"Created\":1,\"RepoTags\":[", "", 0);
                        for (int i = 0; i < 60_000; i++) {
                            write(out, "\"" + engine.name() + i + ":1\",", "", 0);
                        }
                        write(out, "\"last:1\"]}]", "", 0);
                    });
            engine.event("image", "pull", "x", "x");
        }
        Await.until(
                "it is known",
                Duration.ofSeconds(10),
                () -> swarm.get("/images/json").body().contains("node-259999:1"));
        long begin = System.nanoTime();
        HttpResponse<String> list = swarm.get("/images/json");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(list.body()).contains("node-1", "node-259999:1").containsOnlyOnce("last:1");
    }

    @Test
    void whatWasRemovedInLinesWithoutEndIsToldInShortTime() throws Exception {
        swarm.start("spread");
        for (FakeEngine engine : List.of(good, bad)) {
            engine.says(
                    "/images/prune",
                    out -> {
                        write(out, "{\"ImagesDeleted\":[", "", 0);
                        for (int i = 0; i < 45_000; i++) {
                            write(out, "{\"Deleted\":\"" + i + "\"},", "", 0);
                        }
                        write(out, "{\"Deleted\":\"last\"}],\"SpaceReclaimed\":1}", "", 0);
                    });
        }
        long begin = System.nanoTime();
        HttpResponse<String> answer = swarm.post("/images/prune", "");
        assertThat(answer.body()).containsOnlyOnce("last").contains("\"SpaceReclaimed\":2");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void anAnswerThatTricklesEndsTheCallOfItsNodeOnly() throws Exception {
        swarm.start("spread");
        bad.says(
                "/containers/prune",
                out -> {
                    for (int i = 0; i < 600; i++) {
                        write(out, " ", "", 0);
                        out.flush();
                        pause();
                    }
                });
        good.says(
                "/containers/prune",
                out -> write(out, "{\"ContainersDeleted\":[],\"SpaceReclaimed\":7}", "", 0));
        assertThat(swarm.post("/containers/prune", "").body()).contains("7");
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anEventWithoutEndEndsTheStreamOfItsNodeOnly() throws Exception {
        swarm.start("spread");
        bad.says("/events", out -> write(out, "{\"Type\":\"", "aaaaaaaa", 1 << 20));
        bad.die();
        bad.start();
        awaitReason("longer than 1 MiB");
        assertThat(swarm.get("/containers/json").statusCode()).isEqualTo(200);
    }

    @Test
    void aCreateBeyondItsLimitIsRefusedWith413() throws Exception {
        swarm.start("spread");
        String objects = "{},".repeat(300_000);
        HttpResponse<String> many =
                swarm.post("/containers/create", "{\"Image\":\"nginx\",\"X\":[" + objects + "{}]}");
        assertThat(many.statusCode()).isEqualTo(400);
        HttpResponse<String> large =
                swarm.post(
                        "/containers/create",
                        "{\"Image\":\"nginx\",\"X\":\"" + "a".repeat(2 << 20) + "\"}");
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).contains("2 MiB");
        String deep = "[".repeat(500) + "]".repeat(500);
        assertThat(
                        swarm.post("/containers/create", "{\"Image\":\"nginx\",\"X\":" + deep + "}")
                                .statusCode())
                .isEqualTo(400);
    }
}
