package dev.machine.swarm.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What belongs together stays on one node as long as there is room. */
class HomeTest {
    private static final String NETWORK = "n".repeat(64);

    private final List<FakeNode> nodes =
            IntStream.rangeClosed(1, 5).mapToObj(i -> FakeNode.of("node-" + i)).toList();
    private final Scheduler scheduler =
            new Scheduler(() -> nodes, "spread", List.of(), new Random(1));

    private String place(RequestBuilder wanted) {
        PlacementRequest request = wanted.build();
        FakeNode node = (FakeNode) scheduler.place(request, Map.of()).node();
        node.made(request);
        return node.name();
    }

    private static RequestBuilder service(String name, boolean first) {
        return RequestBuilder.container(name)
                .label(Together.PROJECT, "shop")
                .together(new Together("shop", List.of(NETWORK), first));
    }

    @Test
    void fortyWorkersOnFiveNodesStayWithinTheCap() {
        nodes.getFirst().networks().add(NETWORK);
        Map<String, Integer> count = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            count.merge(place(service("worker-" + i, i == 0)), 1, Integer::sum);
        }
        // Twice the four CPUs of a node.
        assertThat(count).hasSize(5).allSatisfy((node, many) -> assertThat(many).isEqualTo(8));
    }

    @Test
    void twelveServicesOfOneReplicaAreOnOneNode() {
        nodes.get(2).networks().add(NETWORK);
        for (int i = 0; i < 12; i++) {
            assertThat(place(service("service-" + i, true))).isEqualTo("node-3");
        }
    }

    @Test
    void aConditionComesBeforeTheCompany() {
        nodes.getFirst().networks().add(NETWORK);
        assertThat(place(service("db", true).constraint("node==node-4"))).isEqualTo("node-4");
        // Most of the project is there now.
        assertThat(place(service("web", true))).isEqualTo("node-4");
    }

    @Test
    void memoryThatIsNearlyAllReservedEndsTheCompanyOfReplicas() {
        nodes.getFirst().networks().add(NETWORK);
        assertThat(place(service("big", true).memory(FakeNode.GIB * 7 / 2))).isEqualTo("node-1");
        assertThat(place(service("replica", false))).isNotEqualTo("node-1");
        assertThat(place(service("first", true))).isEqualTo("node-1");
    }

    @Test
    void withoutANetworkTheStrategyDecides() {
        place(service("db", true).constraint("node==node-4"));
        RequestBuilder host =
                RequestBuilder.container("x")
                        .label(Together.PROJECT, "shop")
                        .together(new Together("shop", List.of(), true));
        assertThat(place(host)).isNotEqualTo("node-4");
    }

    @Test
    void aNetworkKeepsItsContainersTogetherWithoutAProject() {
        nodes.get(1).networks().add(NETWORK);
        Map<String, Integer> count = new HashMap<>();
        for (int i = 0; i < 9; i++) {
            RequestBuilder one =
                    RequestBuilder.container("c" + i)
                            .together(new Together("", List.of(NETWORK), false));
            count.merge(place(one), 1, Integer::sum);
        }
        assertThat(count).containsEntry("node-2", 8).hasSize(2);
    }

    @Test
    void whatIsOnSomeNodesOnlyIsNamedInARefusal() {
        RequestBuilder wanted = RequestBuilder.container("x").pin("network node-9/front", "node-9");
        assertThat(catchThrowable(() -> scheduler.place(wanted.build(), Map.of())))
                .hasMessageContaining("network node-9/front is on node-9");
    }
}
