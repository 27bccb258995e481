package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.testing.Gate;
import dev.machine.swarm.testing.Swarm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines that take no more connections but are not known to be lost yet. */
@Timeout(120)
class CreateNotSentTest {
    private static final int NODES = 12;
    private static final int CONTAINERS = 10 * NODES;

    @TempDir Path folder;

    @Test
    void allAreCreatedHoweverManyNodesTakeNoConnection() throws Exception {
        try (Swarm swarm = new Swarm(folder)) {
            List<Gate> gates = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                gates.add(swarm.gated("node-" + i));
            }
            swarm.engines().forEach(engine -> engine.creates().delay(200));
            swarm.start("spread");
            gates.subList(1, NODES).forEach(Gate::shut);

            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> creates = new ArrayList<>();
                for (int i = 0; i < CONTAINERS; i++) {
                    creates.add(
                            clients.submit(
                                    () ->
                                            swarm.post("/containers/create", "{\"Image\":\"x\"}")
                                                    .statusCode()));
                }
                for (Future<Integer> create : creates) {
                    statuses.add(create.get());
                }
            }

            assertThat(statuses).hasSize(CONTAINERS).containsOnly(201);
            assertThat(swarm.names()).hasSize(CONTAINERS);
        }
    }
}
