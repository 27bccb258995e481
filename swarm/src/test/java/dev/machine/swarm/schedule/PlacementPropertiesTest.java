package dev.machine.swarm.schedule;

import static dev.machine.swarm.schedule.FakeNode.GIB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.PortBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold at every moment while many clients place containers. */
class PlacementPropertiesTest {
    private static final int CLIENTS = 64;

    private static List<FakeNode> nodes(int number) {
        return IntStream.range(0, number).mapToObj(i -> FakeNode.of("node-" + i)).toList();
    }

    private static void together(int number, Work work) throws Exception {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                running.add(
                        clients.submit(
                                () -> {
                                    for (int i = next.getAndIncrement();
                                            i < number;
                                            i = next.getAndIncrement()) {
                                        work.run(i);
                                    }
                                    return null;
                                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        }
    }

    private interface Work {
        void run(int number) throws Exception;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void neitherMemoryNorCpusNorPortsAreEverReservedTwice(long seed) throws Exception {
        List<FakeNode> nodes = nodes(10);
        Scheduler scheduler =
                new Scheduler(
                        () -> nodes,
                        seed % 2 == 0 ? "spread" : "binpack",
                        List.of(),
                        new Random(seed));
        Set<String> taken = ConcurrentHashMap.newKeySet();
        Set<String> broken = ConcurrentHashMap.newKeySet();
        together(
                3000,
                i -> {
                    Random random = new Random(seed * 1_000_003 + i);
                    int port = 8000 + random.nextInt(5);
                    PlacementRequest request =
                            RequestBuilder.container("c" + i)
                                    .memory((1 + random.nextInt(4)) * GIB / 4)
                                    .cpus(random.nextInt(5) / 4.0)
                                    .port(
                                            random.nextBoolean() ? "tcp" : "udp",
                                            PortBinding.ANY,
                                            port)
                                    .build();
                    Placement placed;
                    try {
                        placed = scheduler.place(request, Map.of());
                    } catch (SchedulingException full) {
                        return;
                    }
                    FakeNode node = (FakeNode) placed.node();
                    String key = node.name() + request.resources().ports();
                    if (!taken.add(key)) {
                        broken.add("twice: " + key);
                    }
                    Ledger.Totals totals = node.ledger().totals();
                    if (totals.memory() > node.memory() || totals.nanoCpus() > node.nanoCpus()) {
                        broken.add("over: " + totals);
                    }
                    Thread.yield();
                    Container made = random.nextInt(4) > 0 ? node.made(request) : null;
                    Thread.yield();
                    taken.remove(key);
                    if (made != null) {
                        node.ledger().changed(made, null);
                    }
                    placed.release().run();
                });
        assertThat(broken).isEmpty();
        assertThat(nodes)
                .allSatisfy(
                        node ->
                                assertThat(node.ledger().totals())
                                        .isEqualTo(new Ledger.Totals(0, 0, 0)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 20})
    void equalNodesDifferByAtMostOne(long memory) throws Exception {
        List<FakeNode> nodes = nodes(100);
        Scheduler scheduler = new Scheduler(() -> nodes, "spread", List.of(), new Random(7));
        together(
                2550,
                i -> {
                    PlacementRequest request =
                            RequestBuilder.container("c" + i).memory(memory).build();
                    ((FakeNode) scheduler.place(request, Map.of()).node()).made(request);
                });
        var counts = nodes.stream().mapToInt(node -> node.ledger().totals().containers());
        assertThat(counts.summaryStatistics())
                .satisfies(
                        all -> {
                            assertThat(all.getSum()).isEqualTo(2550);
                            assertThat(all.getMax() - all.getMin()).isLessThanOrEqualTo(1);
                        });
    }

    @Test
    void asManyContainersWithOnePortAsNodesAllFindANode() throws Exception {
        for (String strategy : List.of("spread", "binpack", "random")) {
            List<FakeNode> nodes = nodes(100);
            Scheduler scheduler = new Scheduler(() -> nodes, strategy, List.of(), new Random(7));
            together(
                    100,
                    i ->
                            scheduler.place(
                                    RequestBuilder.container("c" + i).port("tcp", "", 80).build(),
                                    Map.of()));
            assertThat(nodes)
                    .allSatisfy(
                            node -> assertThat(node.ledger().totals().containers()).isEqualTo(1));
        }
    }

    @Test
    void exactlyAsManyAsFitArePlaced() throws Exception {
        List<FakeNode> nodes = nodes(100);
        Scheduler scheduler = new Scheduler(() -> nodes, "spread", List.of(), new Random(7));
        AtomicInteger refused = new AtomicInteger();
        together(
                500,
                i -> {
                    try {
                        scheduler.place(
                                RequestBuilder.container("c" + i).memory(GIB).build(), Map.of());
                    } catch (SchedulingException e) {
                        refused.incrementAndGet();
                    }
                });
        assertThat(refused).hasValue(100);
    }
}
