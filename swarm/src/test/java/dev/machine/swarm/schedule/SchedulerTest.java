package dev.machine.swarm.schedule;

import static dev.machine.swarm.schedule.FakeNode.GIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import dev.machine.swarm.engine.PortBinding;
import dev.machine.swarm.image.ImageChoice;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private final FakeNode one =
            FakeNode.of("node-1", Map.of("provider", "aiyara", "containerslots", "3"));
    private final FakeNode two = FakeNode.of("node-2", Map.of("provider", "ocean"));
    private final List<FakeNode> nodes = List.of(one, two);
    private final Scheduler spread = scheduler("spread");

    private Scheduler scheduler(String strategy) {
        return new Scheduler(() -> nodes, strategy, List.of(), new Random(1));
    }

    private String place(RequestBuilder wanted) {
        PlacementRequest request = wanted.build();
        FakeNode node = (FakeNode) spread.place(request, Map.of()).node();
        node.made(request);
        return node.name();
    }

    private void refused(RequestBuilder wanted, String words) {
        assertThatThrownBy(() -> spread.place(wanted.build(), Map.of()))
                .isInstanceOfSatisfying(
                        SchedulingException.class,
                        e -> assertThat(e.kind()).isEqualTo(SchedulingException.Kind.NO_NODE))
                .hasMessage(words);
    }

    @Test
    void aPortIsTakenWhateverTheAddressButTcpIsNotUdp() {
        place(
                RequestBuilder.container("a")
                        .port("tcp", PortBinding.ANY, 53)
                        .constraint("node==node-1"));
        assertThat(place(RequestBuilder.container("b").port("tcp", "10.0.0.1", 53)))
                .isEqualTo("node-2");
        assertThat(
                        place(
                                RequestBuilder.container("c")
                                        .port("udp", PortBinding.ANY, 53)
                                        .constraint("node==node-1")))
                .isEqualTo("node-1");
        assertThat(place(RequestBuilder.container("d").port("tcp", "10.0.0.2", 53)))
                .isEqualTo("node-2");
        refused(
                RequestBuilder.container("e").port("tcp", "10.0.0.1", 53),
                """
                Unable to find a node that satisfies the following conditions
                [port 10.0.0.1:53 (Bridge mode)]
                node-1: port 53/tcp is taken by a
                node-2: port 53/tcp is taken by b""");
    }

    @Test
    void aRefusalNamesTheFiltersUpToTheLastAndEveryNodesReason() {
        refused(
                RequestBuilder.container("a")
                        .port("tcp", PortBinding.ANY, 80)
                        .constraint("provider==zzz"),
                """
                Unable to find a node that satisfies the following conditions
                [port 80 (Bridge mode)]
                [available container slots]
                [provider==zzz]
                node-1: provider==zzz does not hold
                node-2: provider==zzz does not hold""");
        refused(
                RequestBuilder.container("a").memory(5 * GIB),
                """
                no resources available to schedule container
                node-1: 5 GiB of memory requested, 4 GiB of 4 GiB left
                node-2: 5 GiB of memory requested, 4 GiB of 4 GiB left""");
        refused(
                RequestBuilder.container("a").hostNetwork().cpus(4.5).link("db"),
                """
                Unable to find a node that satisfies the following conditions
                [available container slots]
                [--link=db]
                node-1: the container of --link=db is not on this node
                node-2: the container of --link=db is not on this node""");
    }

    @Test
    void anImageThatANodeCannotRunIsRefusedWithTheResolversReason() {
        refused(
                RequestBuilder.container("a")
                        .image(
                                node ->
                                        new ImageChoice.Refuse(
                                                "debian: no image for linux/arm/v7 ("
                                                        + node.name()
                                                        + "); have linux/amd64")),
                """
                Unable to find a node that satisfies the following conditions
                [available container slots]
                [image debian]
                debian: no image for linux/arm/v7 (node-1); have linux/amd64
                debian: no image for linux/arm/v7 (node-2); have linux/amd64
                to use another image on an architecture: machine image set NAME ARCH=IMAGE for one name,\
                 machine image rules add for all names that match a pattern""");
    }

    @Test
    void noContainerGoesToANodeThatIsNotHealthy() {
        FakeNode sick =
                new FakeNode(
                        "node-3",
                        "timed out",
                        Map.of(),
                        9,
                        9,
                        List.of(),
                        Set.of("far"),
                        Set.of(),
                        new Ledger());
        Scheduler scheduler =
                new Scheduler(() -> List.of(sick), "spread", List.of("port"), new Random(1));
        assertThatThrownBy(() -> scheduler.place(RequestBuilder.container("a").build(), Map.of()))
                .hasMessage(
                        """
                        No healthy node available in the cluster
                        node-3: does not answer: timed out""");
    }

    @Test
    void slotsCountStoppedContainersAndReservations() {
        for (int i = 0; i < 3; i++) {
            place(RequestBuilder.container("a" + i).constraint("node==node-1"));
        }
        refused(
                RequestBuilder.container("b").constraint("node==node-1"),
                """
                Unable to find a node that satisfies the following conditions
                [available container slots]
                [node==node-1]
                node-1: all 3 container slots are taken
                node-2: node==node-1 does not hold""");
    }

    @Test
    void aRefusalDoesNotNameSlotsIfNoNodeLimitsThem() {
        Scheduler scheduler = new Scheduler(() -> List.of(two), "spread", List.of(), new Random(1));
        PlacementRequest request = RequestBuilder.container("a").constraint("node==x1").build();
        assertThatThrownBy(() -> scheduler.place(request, Map.of()))
                .hasMessage(
                        """
                        Unable to find a node that satisfies the following conditions
                        [node==x1]
                        node-2: node==x1 does not hold""");
    }

    @Test
    void softExpressionsHoldIfANodeMeetsThem() {
        assertThat(place(RequestBuilder.container("a").constraint("provider==~ocean")))
                .isEqualTo("node-2");
        assertThat(place(RequestBuilder.container("b").constraint("provider==~moon")))
                .isEqualTo("node-1");
        assertThat(place(RequestBuilder.container("c").affinity("container!=~b")))
                .isEqualTo("node-2");
        assertThat(
                        place(
                                RequestBuilder.container("d")
                                        .constraint("node==node-2")
                                        .affinity("container==~b")))
                .isEqualTo("node-2");
    }

    @Test
    void affinityMatchesContainersLabelsAndImages() {
        place(RequestBuilder.container("web").label("app", "shop").constraint("node==node-2"));
        assertThat(place(RequestBuilder.container("a").affinity("container==web")))
                .isEqualTo("node-2");
        assertThat(place(RequestBuilder.container("b").affinity("container==id-swarm-web")))
                .isEqualTo("node-2");
        assertThat(place(RequestBuilder.container("c").affinity("app==sh*"))).isEqualTo("node-2");
        assertThat(place(RequestBuilder.container("d").affinity("app!=shop"))).isEqualTo("node-1");
        refused(
                RequestBuilder.container("e").affinity("image==debian"),
                """
                Unable to find a node that satisfies the following conditions
                [available container slots]
                [image==debian]
                node-1: image==debian does not hold
                node-2: image==debian does not hold""");
    }

    @Test
    void linksAndWhitelistsRestrictTheNodes() {
        place(RequestBuilder.container("db").constraint("node==node-2"));
        assertThat(place(RequestBuilder.container("a").link("db"))).isEqualTo("node-2");
        assertThat(place(RequestBuilder.container("b").whitelist("node==node-2|node-9")))
                .isEqualTo("node-2");
    }

    @Test
    void spreadTakesTheLeastAndBinpackTheMostUsed() {
        place(RequestBuilder.container("a").memory(GIB).constraint("node==node-2"));
        assertThat(place(RequestBuilder.container("b").memory(GIB))).isEqualTo("node-1");
        place(RequestBuilder.container("c").memory(GIB).constraint("node==node-1"));
        PlacementRequest next = RequestBuilder.container("d").memory(GIB).build();
        assertThat(scheduler("binpack").place(next, Map.of()).node()).isSameAs(one);
        PlacementRequest full = RequestBuilder.container("e").memory(2 * GIB).build();
        assertThat(scheduler("binpack").place(full, Map.of()).node()).isSameAs(two);
    }

    @Test
    void aCreatedContainerReplacesItsReservation() {
        PlacementRequest request =
                RequestBuilder.container("a").memory(GIB).port("tcp", "", 80).build();
        Placement placement = spread.place(request, Map.of());
        FakeNode node = (FakeNode) placement.node();
        Ledger.Totals reserved = node.ledger().totals();
        var container = node.made(request);
        assertThat(node.ledger().totals()).isEqualTo(reserved);
        placement.release().run();
        assertThat(node.ledger().totals()).isEqualTo(reserved);
        node.ledger().changed(container, null);
        assertThat(node.ledger().totals()).isEqualTo(new Ledger.Totals(0, 0, 0));
        assertThat(node.ledger().holder(new PortBinding("tcp", "", 80))).isNull();
        assertThat(node.ledger().has("a")).isFalse();
    }

    @Test
    void everyListedStrategyAndFilterCanBeChosen() {
        assertThat(Strategy.NAMES)
                .hasSameSizeAs(Strategy.values())
                .allSatisfy(name -> assertThat(scheduler(name).strategy()).isEqualTo(name));
        assertThat(new Scheduler(() -> nodes, "spread", Scheduler.FILTERS, new Random(1)).filters())
                .isEqualTo(String.join(", ", Scheduler.FILTERS))
                .isEqualTo(spread.filters());
    }

    @Test
    void theCheckOfResourcesCannotBeChosenBecauseItIsAlwaysOn() {
        assertThat(Scheduler.FILTERS).doesNotContain("resources");
        Scheduler other = new Scheduler(() -> nodes, "spread", List.of("port"), new Random(1));
        PlacementRequest large = RequestBuilder.container("a").memory(99 * GIB).build();
        assertThatThrownBy(() -> other.place(large, Map.of()))
                .hasMessageStartingWith("no resources available to schedule container");
    }

    @Test
    void anUnknownStrategyOrFilterIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> scheduler("fair"))
                .isInstanceOf(MachineException.class)
                .hasMessage("there is no strategy fair");
        assertThatThrownBy(
                        () -> new Scheduler(() -> nodes, "spread", List.of("moon"), new Random(1)))
                .isInstanceOf(MachineException.class)
                .hasMessage("there is no filter moon");
        assertThat(
                        new Scheduler(
                                        () -> nodes,
                                        "binpacking",
                                        List.of("constraint", "health"),
                                        new Random(1))
                                .filters())
                .isEqualTo("health, constraint");
    }
}
