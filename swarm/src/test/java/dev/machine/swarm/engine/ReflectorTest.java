package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.FakeEngineApi.Box;
import dev.machine.swarm.testing.Await;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the cache knows when lists, inspections and events come in any order. */
@Timeout(60)
class ReflectorTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String START = "2026-01-01T10:00:00Z";

    private final FakeEngineApi engine = new FakeEngineApi();
    private final EngineStores stores = EngineStores.empty();
    private final RefreshQueue queue = new RefreshQueue();
    private final AtomicReference<EngineStatus> status =
            new AtomicReference<>(status(Duration.ZERO));
    private final Reflector reflector =
            new Reflector(engine, stores, queue, status::get, new ListMemory());
    private final WatchHandler watch = new WatchHandler(stores, queue, status::get, LONG);
    private final List<String> tooLong = new CopyOnWriteArrayList<>();

    private static EngineStatus status(Duration skew) {
        ApiVersion version = new ApiVersion(1, 41);
        EngineFacts facts =
                new EngineFacts(
                        "id",
                        1,
                        1,
                        "29.0",
                        "x86_64",
                        Platform.of("linux", "amd64", ""),
                        new TreeMap<>(),
                        Set.of(),
                        version,
                        version,
                        skew);
        return new EngineStatus(EngineState.HEALTHY, null, facts, "10.0.0.1", null);
    }

    @AfterEach
    void close() {
        queue.close();
    }

    private void run() {
        Thread.ofVirtual().start(() -> reflector.run(e -> tooLong.add(e.getMessage())));
    }

    private void event(String action, String id) {
        event(action, id, START);
    }

    private void event(String action, String id, String time) {
        ObjectNode event = JSON.createObjectNode().put("Type", "container").put("Action", action);
        event.put("time", Instant.parse(time).getEpochSecond());
        event.putObject("Actor").put("ID", id);
        watch.handle(event);
    }

    private Container cached(String id) {
        Container container = stores.containers().byId(id);
        assertThat(container).as(id).isNotNull();
        return container;
    }

    @Test
    void aContainerThatWasRemovedWhileItWasListedDoesNotComeBack() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        engine.beforeAnswer(() -> event("destroy", "one"));
        reflector.listAll();
        assertThat(stores.containers().byId("one")).isNull();
        assertThat(stores.containers().byName("one")).isNull();
    }

    @Test
    void aContainerThatWasRemovedWhileItsChangeWasFetchedDoesNotComeBack() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        run();
        engine.beforeAnswer(
                () -> {
                    event("destroy", "one");
                    engine.containers.remove("one");
                });
        event("rename", "one");
        queue.awaitFresh(LONG);
        assertThat(stores.containers().byId("one")).isNull();
    }

    @Test
    void aContainerThatWasMadeWhileAllWereListedStays() throws Exception {
        engine.beforeAnswer(
                () ->
                        stores.containers()
                                .put(
                                        Container.of(
                                                JSON.createObjectNode().put("Id", "new"),
                                                "10.0.0.1",
                                                null,
                                                Resources.NONE,
                                                new NetworkStore())));
        reflector.listAll();
        assertThat(stores.containers().byId("new")).isNotNull();
    }

    @Test
    void whatIsNotInAFullListIsGone() throws Exception {
        engine.container("one", "running", START);
        engine.container("two", "running", START);
        reflector.listAll();
        engine.containers.remove("one");
        reflector.listAll();
        assertThat(stores.containers().all()).extracting(Container::id).containsExactly("two");
    }

    @Test
    void aChangedContainerThatIsNotListedAnyMoreIsRemoved() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        engine.containers.remove("one");
        run();
        event("rename", "one");
        queue.awaitFresh(LONG);
        assertThat(stores.containers().all()).isEmpty();
    }

    @Test
    void anEventDuringAListIsFollowedByANewerList() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        run();
        engine.beforeAnswer(
                () -> {
                    // The answer that is under way still says "running".
                    engine.container("one", "exited", START);
                    event("die", "one");
                });
        queue.everything();
        queue.awaitFresh(LONG);
        queue.awaitFresh(LONG);
        assertThat(cached("one").run().state()).isEqualTo("exited");
    }

    @Test
    void eventsThatComeDuringARelistAreOneListAfterIt() throws Exception {
        engine.container("one", "running", START);
        engine.container("two", "running", START);
        CountDownLatch listing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        run();
        engine.beforeAnswer(
                () -> {
                    listing.countDown();
                    await(goOn);
                });
        queue.everything();
        await(listing);
        event("pause", "one");
        event("pause", "two");
        event("unpause", "one");
        goOn.countDown();
        queue.awaitFresh(LONG);
        assertThat(engine.asked).filteredOn(call -> call.startsWith("list")).hasSize(2);
        assertThat(engine.asked.getLast()).isEqualTo("list one,two");
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void timesAreThoseOfOurClock() throws Exception {
        status.set(status(Duration.ofHours(1)));
        engine.container("one", "running", START);
        reflector.listAll();
        assertThat(cached("one").run().since()).isEqualTo("2026-01-01T11:00:00Z");
        run();
        event("restart", "one", "2026-01-01T12:30:00Z");
        queue.awaitFresh(LONG);
        assertThat(cached("one").run().since()).isEqualTo("2026-01-01T13:30:00Z");
        assertThat(engine.asked).filteredOn("inspect one"::equals).hasSize(1);
    }

    @Test
    void aContainerThatNeverRanHasNoTime() throws Exception {
        engine.containers.put("one", new Box("created", false, "0001-01-01T00:00:00Z", 1));
        reflector.listAll();
        assertThat(cached("one").run().since()).isNull();
    }

    @Test
    void aTimeIsKeptAsLongAsTheRunLasts() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        run();
        event("rename", "one");
        queue.awaitFresh(LONG);
        assertThat(cached("one").run().since()).isEqualTo(START);
        engine.container("one", "exited", "2026-01-01T10:30:00Z");
        event("stop", "one");
        queue.awaitFresh(LONG);
        // It is not the same run any more, and no event said when that ended.
        assertThat(cached("one").run().since()).isNull();
    }

    @Test
    void whatHappenedWhileTheEngineWasNotFollowedIsInspected() throws Exception {
        engine.container("one", "running", START);
        engine.container("two", "running", START);
        reflector.listAll();
        engine.container("one", "exited", "2026-01-01T10:30:00Z");
        engine.asked.clear();
        reflector.listAll();
        assertThat(cached("one").run().since()).isEqualTo("2026-01-01T10:30:00Z");
        assertThat(engine.asked)
                .containsExactly("networks", "list all", "inspect one", "images", "volumes");
    }

    @Test
    void anEndThatTheListDoesNotShowYetIsListedAgain() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        engine.containers.put("one", new Box("running", false, START, 1));
        engine.asked.clear();
        run();
        engine.beforeAnswer(() -> engine.container("one", "exited", START));
        event("die", "one", "2026-01-01T10:30:00Z");
        queue.awaitFresh(LONG);
        assertThat(cached("one").run().state()).isEqualTo("exited");
        assertThat(cached("one").run().since()).isEqualTo("2026-01-01T10:30:00Z");
        assertThat(engine.asked).containsExactly("list one", "inspect one", "list one");
    }

    @Test
    void anEndThatTheListShowsIsNotInspected() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        engine.container("one", "exited", START);
        engine.asked.clear();
        run();
        event("die", "one");
        queue.awaitFresh(LONG);
        assertThat(engine.asked).containsExactly("list one");
    }

    @Test
    void anEndThatTheListNeverShowsIsListedTwiceAndNotForEver() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        engine.containers.put("one", new Box("running", false, START, 1));
        engine.asked.clear();
        run();
        event("die", "one");
        queue.awaitFresh(LONG);
        assertThat(engine.asked).containsExactly("list one", "inspect one", "list one");
    }

    @Test
    void anEndOfAContainerThatWasNeverListedIsSeenAsWell() throws Exception {
        engine.containers.put("one", new Box("running", false, START, 1));
        run();
        engine.beforeAnswer(() -> engine.container("one", "exited", START));
        event("die", "one", "2026-01-01T10:30:00Z");
        queue.awaitFresh(LONG);
        assertThat(cached("one").run().state()).isEqualTo("exited");
        assertThat(cached("one").run().since()).isEqualTo("2026-01-01T10:30:00Z");
    }

    @Test
    void aContainerThatWasStartedAgainAfterItsEndIsListedOnce() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        engine.asked.clear();
        run();
        event("die", "one");
        queue.awaitFresh(LONG);
        assertThat(cached("one").run().state()).isEqualTo("running");
        assertThat(engine.asked).containsExactly("list one", "inspect one");
    }

    @Test
    void aContainerThatIsGoneWhenItIsInspectedIsNotKept() throws Exception {
        engine.container("one", "running", START);
        engine.beforeAnswer(() -> engine.containers.remove("one"));
        reflector.listAll();
        assertThat(engine.asked).contains("inspect one");
        assertThat(stores.containers().all()).isEmpty();
    }

    @Test
    void aKnownContainerThatIsGoneWhenItIsInspectedIsRemoved() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        run();
        engine.beforeAnswer(() -> engine.containers.remove("one"));
        event("update", "one");
        queue.awaitFresh(LONG);
        assertThat(stores.containers().all()).isEmpty();
    }

    @Test
    void anUpdateReadsTheSettingsAgain() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        engine.containers.put("one", new Box("running", true, START, 512));
        run();
        event("pause", "one");
        queue.awaitFresh(LONG);
        assertThat(cached("one").resources().memory()).isEqualTo(1);
        event("update", "one");
        queue.awaitFresh(LONG);
        assertThat(cached("one").resources().memory()).isEqualTo(512);
    }

    @Test
    void aListThatFailedChangesNothingAndTheNextOneIsAskedForAgain() throws Exception {
        engine.container("one", "running", START);
        reflector.listAll();
        run();
        engine.containers.clear();
        engine.beforeAnswer(
                () -> {
                    throw new IOException("broken");
                });
        queue.everything();
        queue.awaitFresh(LONG);
        assertThat(stores.containers().byId("one")).isNotNull();
        queue.everything();
        queue.awaitFresh(LONG);
        assertThat(stores.containers().byId("one")).isNull();
        assertThat(engine.asked).filteredOn("list all"::equals).hasSize(3);
    }

    @Test
    void nothingThatAListThrowsEndsTheReflector() throws Exception {
        run();
        engine.beforeAnswer(
                () -> {
                    throw new StackOverflowError("deep");
                });
        queue.everything();
        queue.awaitFresh(LONG);
        engine.container("one", "running", START);
        event("create", "one");
        queue.awaitFresh(LONG);
        assertThat(stores.containers().byId("one")).isNotNull();
    }

    @Test
    void aListThatIsTooLongIsReported() throws Exception {
        run();
        engine.beforeAnswer(
                () -> {
                    throw new TooLongException("too long");
                });
        queue.everything();
        queue.awaitFresh(LONG);
        assertThat(tooLong).containsExactly("too long");
    }

    @Test
    void aListThatFailsWhileConnectingIsThrown() {
        engine.beforeAnswer(
                () -> {
                    throw FakeEngineApi.refused(500);
                });
        assertThatThrownBy(reflector::listAll).hasMessageContaining("the engine answered 500");
    }

    @Test
    void volumesThatCannotBeListedDoNotStopTheRest() throws Exception {
        engine.container("one", "running", START);
        engine.volumesFail(FakeEngineApi.refused(500));
        reflector.listAll();
        engine.volumesFail(new SocketTimeoutException("no answer within 10 s"));
        reflector.listAll();
        assertThat(stores.containers().byId("one")).isNotNull();
        assertThat(stores.images().all()).hasSize(1);
        assertThat(stores.volumes().known()).isFalse();
        engine.volumesFail(null);
        reflector.listAll();
        assertThat(stores.volumes().has("data")).isTrue();
    }

    @Test
    void aReaderDoesNotWaitLongerThanItSaid() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        run();
        engine.beforeAnswer(() -> await(goOn));
        event("create", "one");
        long begin = System.nanoTime();
        queue.awaitFresh(Duration.ofMillis(200));
        assertThat(System.nanoTime() - begin).isGreaterThan(Duration.ofMillis(190).toNanos());
        assertThat(queue.idle()).isFalse();
        goOn.countDown();
        queue.awaitFresh(LONG);
        assertThat(queue.idle()).isTrue();
    }

    @Test
    void aReaderOfImagesDoesNotWaitForContainers() throws Exception {
        CountDownLatch listing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        run();
        queue.images();
        queue.awaitFreshImages(LONG);
        assertThat(stores.images().all()).hasSize(1);
        engine.beforeAnswer(
                () -> {
                    listing.countDown();
                    await(goOn);
                });
        event("create", "one");
        queue.refreshNow();
        await(listing);
        long begin = System.nanoTime();
        queue.awaitFreshImages(LONG);
        assertThat(System.nanoTime() - begin).isLessThan(LONG.dividedBy(2).toNanos());
        assertThat(queue.idle()).isFalse();
        goOn.countDown();
    }

    @Test
    void changesWithoutAReaderAreFetchedTogetherAfterAMoment() {
        engine.container("one", "running", START);
        run();
        event("create", "one");
        event("start", "one");
        Await.until("fetched", () -> stores.containers().byId("one") != null);
        Await.until("idle", queue::idle);
        assertThat(engine.asked).containsExactly("list one", "inspect one");
    }

    @Test
    void changesWithAReaderAreFetchedWithoutDelay() throws Exception {
        run();
        long begin = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            event("create", "one");
            queue.awaitFresh(LONG);
        }
        // With the delay it takes ten seconds.
        assertThat(System.nanoTime() - begin).isLessThan(Duration.ofSeconds(8).toNanos());
    }

    @Test
    void containersAreShownWithTheIdsOfNetworksThatClientsSee() throws Exception {
        String shown = "5".repeat(64);
        engine.network(
                "{\"Id\":\"own\",\"Name\":\"front\",\"Labels\":{\"com.docker.swarm.network\":\""
                        + shown
                        + "\"}}");
        engine.container("one", "running", START);
        engine.joined("one", "front", "own");
        reflector.listAll();
        assertThat(cached("one").attached().networks()).containsExactlyInAnyOrder("front", shown);
        assertThat(new String(cached("one").json(), StandardCharsets.UTF_8))
                .contains("\"NetworkID\":\"" + shown + "\"");
    }

    @Test
    void whenTooManyHaveChangedAllAreListed() throws Exception {
        for (int i = 0; i <= RefreshQueue.MAX_CONTAINERS; i++) {
            event("create", "c" + i);
        }
        run();
        queue.awaitFresh(LONG);
        assertThat(engine.asked).startsWith("networks", "list all");
    }

    @Test
    void closingEndsTheReflectorAndTheWaitingOfItsReaders() throws Exception {
        event("create", "one");
        Thread waiting = Thread.ofVirtual().start(this::awaitFresh);
        Thread running = Thread.ofVirtual().unstarted(() -> reflector.run(e -> {}));
        queue.close();
        running.start();
        assertThat(running.join(LONG)).isTrue();
        assertThat(waiting.join(LONG)).isTrue();
        assertThat(engine.asked).isEmpty();
    }

    private void awaitFresh() {
        try {
            queue.awaitFresh(Duration.ofMinutes(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
