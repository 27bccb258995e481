package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.testing.FakeContainer;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** 64 clients at once create containers on 100 nodes. */
@Timeout(240)
class CreateLoadTest {
    private static final int CLIENTS = 64;
    private static final int NODES = 100;

    @TempDir Path folder;

    private Swarm swarm;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        for (int i = 0; i < NODES; i++) {
            swarm.engine("node-" + i, "1.24", "1.41").memory(4L << 30);
        }
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private Map<Integer, Integer> create(int number, IntFunction<String> name, String settings)
            throws Exception {
        AtomicInteger next = new AtomicInteger();
        Map<Integer, Integer> statuses = new TreeMap<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(
                        clients.submit(
                                () -> {
                                    for (int n = next.getAndIncrement();
                                            n < number;
                                            n = next.getAndIncrement()) {
                                        int status =
                                                swarm.post(
                                                                "/containers/create"
                                                                        + name.apply(n),
                                                                settings)
                                                        .statusCode();
                                        synchronized (statuses) {
                                            statuses.merge(status, 1, Integer::sum);
                                        }
                                    }
                                    return null;
                                }));
            }
            for (Future<Void> client : running) {
                client.get();
            }
        }
        return statuses;
    }

    private static String memory(long bytes) {
        return "{\"Image\":\"nginx\",\"HostConfig\":{\"Memory\":" + bytes + "}}";
    }

    @Test
    void exactlyAsManyAreCreatedAsFitAndEachNameOnce() throws Exception {
        String port =
                "{\"Image\":\"nginx\",\"HostConfig\":{\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"80\"}]}}}";
        assertThat(create(NODES, i -> "?name=web_" + i, port)).isEqualTo(Map.of(201, NODES));
        assertThat(swarm.engines())
                .allSatisfy(engine -> assertThat(engine.containers()).hasSize(1));
        assertThat(create(64, i -> "?name=one", memory(0))).isEqualTo(Map.of(201, 1, 409, 63));
        assertThat(create(500, i -> "", memory(1L << 30))).isEqualTo(Map.of(201, 400, 500, 100));
        assertThat(swarm.engines())
                .allSatisfy(
                        engine ->
                                assertThat(
                                                engine.containers().stream()
                                                        .mapToLong(FakeContainer::memory)
                                                        .sum())
                                        .isEqualTo(4L << 30));
        assertThat(swarm.names()).hasSize(501).doesNotHaveDuplicates();
        swarm.ledgersEqualEngines();
    }

    @Test
    void anImageThatNoNodeHasIsPulledOnceByEachNode() throws Exception {
        swarm.engines().forEach(engine -> engine.creates().needImages("").delay(200));
        assertThat(create(4 * NODES, i -> "", memory(0))).isEqualTo(Map.of(201, 4 * NODES));
        for (FakeEngine engine : swarm.engines()) {
            assertThat(engine.creates().pulls().values()).containsExactly(1);
            assertThat(engine.containers()).hasSizeBetween(3, 5);
        }
    }
}
