package dev.machine.swarm.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.schedule.SchedulingException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Containers go where their volumes are. */
class VolumePlacementTest {
    private final FakeNode one = FakeNode.of("node-1");
    private final FakeNode two = FakeNode.of("node-2");
    private final FakeNode away =
            new FakeNode(
                    "node-3",
                    "timed out",
                    Map.of(),
                    9,
                    9,
                    List.of(),
                    ConcurrentHashMap.newKeySet(),
                    ConcurrentHashMap.newKeySet(),
                    new Ledger());
    private final List<FakeNode> nodes = List.of(one, two, away);

    private Scheduler scheduler(String... filters) {
        return new Scheduler(() -> nodes, "spread", List.of(filters), new Random(1));
    }

    private String place(RequestBuilder wanted, String... filters) {
        return scheduler(filters).place(wanted.build(), Map.of()).node().name();
    }

    private void refused(Kind kind, RequestBuilder wanted, String words) {
        assertThatThrownBy(() -> place(wanted))
                .isInstanceOfSatisfying(
                        SchedulingException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessage(words);
    }

    @Test
    void onlyTheNodeThatHasTheVolumeIsChosenHoweverFullItIs() {
        two.volumes().add("data");
        for (int i = 0; i < 5; i++) {
            two.made(RequestBuilder.container("full" + i).build());
        }
        assertThat(place(RequestBuilder.container("a").volumes("data"))).isEqualTo("node-2");
        assertThat(place(RequestBuilder.container("b").volumes("data", "new"))).isEqualTo("node-2");
    }

    @Test
    void noChoiceOfFiltersSeparatesAContainerFromItsVolume() {
        two.volumes().add("data");
        two.made(RequestBuilder.container("full").build());
        assertThat(place(RequestBuilder.container("a").volumes("data"), "port"))
                .isEqualTo("node-2");
    }

    @Test
    void ifAFilterExcludesTheNodeOfTheVolumeTheRefusalNamesBoth() {
        two.volumes().add("data");
        refused(
                Kind.NO_NODE,
                RequestBuilder.container("a").volumes("data").constraint("node==node-1"),
                """
                Unable to find a node that satisfies the following conditions
                [node==node-1]
                [image debian]
                [volume data]
                node-1: volume data is on node-2
                node-2: node==node-1 does not hold
                node-3: does not answer: timed out""");
    }

    @Test
    void ifNoNodeWithTheVolumeAnswersTheRefusalNamesThem() {
        away.volumes().add("far");
        refused(
                Kind.CONFLICT,
                RequestBuilder.container("a").volumes("far"),
                "volume far is on node-3, and node-3 does not answer: timed out; start that node"
                        + " again, or name another volume to get an empty one");
        two.volumes().add("far");
        assertThat(place(RequestBuilder.container("a").volumes("far"))).isEqualTo("node-2");
    }

    @Test
    void theVolumesOfAContainerOnALostNodeAreLostToo() {
        away.made(RequestBuilder.container("old").build());
        refused(
                Kind.CONFLICT,
                RequestBuilder.container("a").volumesFrom("old"),
                "the container of --volumes-from=old is on node-3, and node-3 does not answer:"
                        + " timed out; start that node again, or name another volume to get an empty one");
    }

    @Test
    void volumesOnDifferentNodesAreAConflict() {
        one.volumes().add("a");
        two.volumes().add("b");
        refused(
                Kind.CONFLICT,
                RequestBuilder.container("x").volumes("a", "b"),
                "no node has all volumes that the container needs: volume a is on node-1,"
                        + " volume b is on node-2");
    }

    @Test
    void containersThatNameANewVolumeAtOnceShareOneNode() throws Exception {
        List<FakeNode> many = IntStream.range(0, 8).mapToObj(i -> FakeNode.of("n" + i)).toList();
        Scheduler spread = new Scheduler(() -> many, "spread", List.of(), new Random(1));
        for (int round = 0; round < 50; round++) {
            String volume = "v" + round;
            Set<String> chosen = ConcurrentHashMap.newKeySet();
            CountDownLatch all = new CountDownLatch(8);
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    PlacementRequest request =
                            RequestBuilder.container(volume + "-" + i).volumes(volume).build();
                    running.add(
                            clients.submit(
                                    () -> {
                                        all.countDown();
                                        all.await();
                                        Placement placed = spread.place(request, Map.of());
                                        FakeNode node = (FakeNode) placed.node();
                                        chosen.add(node.name());
                                        node.made(request);
                                        node.volumes().add(volume);
                                        placed.release().run();
                                        return null;
                                    }));
                }
                for (Future<?> client : running) {
                    client.get();
                }
            }
            assertThat(chosen).hasSize(1);
        }
    }

    @Test
    void aVolumeThatWasNotCreatedDoesNotBind() {
        Scheduler spread = scheduler();
        Placement first =
                spread.place(RequestBuilder.container("a").volumes("v").build(), Map.of());
        String other = first.node().name().equals("node-1") ? "node-2" : "node-1";
        assertThatThrownBy(
                        () ->
                                spread.place(
                                        RequestBuilder.container("b")
                                                .volumes("v")
                                                .constraint("node==" + other)
                                                .build(),
                                        Map.of()))
                .hasMessageContaining("volume v is on " + first.node().name());
        first.release().run();
        first.release().run();
        assertThat(
                        spread.place(
                                        RequestBuilder.container("b")
                                                .volumes("v")
                                                .constraint("node==" + other)
                                                .build(),
                                        Map.of())
                                .node()
                                .name())
                .isEqualTo(other);
    }

    @Test
    void aVolumeThatIsBeingMovedIsWhereItIsMovedTo() {
        one.volumes().add("v");
        Scheduler spread = scheduler();
        PlacementRequest mover =
                RequestBuilder.container("a").volumes("v").constraint("node==node-2").build();
        assertThatThrownBy(() -> spread.place(mover, Map.of()))
                .hasMessageContaining("volume v is on node-1");
        Placement moved =
                spread.place(
                        mover.withVolumes(
                                List.of(new PlacementRequest.Volume("v", null).asMovable())),
                        Map.of());
        assertThat(moved.node().name()).isEqualTo("node-2");
        PlacementRequest other = RequestBuilder.container("b").volumes("v").build();
        Placement follower = spread.place(other, Map.of());
        assertThat(follower.node().name()).isEqualTo("node-2");
        follower.release().run();
        moved.release().run();
        assertThat(spread.place(other, Map.of()).node().name()).isEqualTo("node-1");
    }

    @Test
    void aNewVolumeGoesWhereItsFirstNamerGoes() {
        Scheduler spread = scheduler();
        Placement container =
                spread.place(
                        RequestBuilder.container("a")
                                .volumes("v")
                                .constraint("node==node-2")
                                .build(),
                        Map.of());
        assertThat(spread.placeVolume("v", "", Map.of()).node().name()).isEqualTo("node-2");
        assertThatThrownBy(() -> spread.placeVolume("v", "", Map.of("node-2", "full")))
                .hasMessageContaining("node-2: full");
        container.release().run();
        away.volumes().add("far");
        assertThatThrownBy(() -> spread.placeVolume("far", "", Map.of()))
                .isInstanceOfSatisfying(
                        SchedulingException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT));
    }
}
