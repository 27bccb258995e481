package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is fetched again after each event of an engine. */
@Timeout(60)
class WatchHandlerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EngineStatus STATUS =
            new EngineStatus(EngineState.HEALTHY, null, null, "10.0.0.1", null);

    private final EngineStores stores = EngineStores.empty();
    private final RefreshQueue queue = new RefreshQueue();
    private final WatchHandler watch =
            new WatchHandler(stores, queue, () -> STATUS, Duration.ofSeconds(5));

    private void event(String type, String action, String id, String driver) {
        ObjectNode event = JSON.createObjectNode().put("Type", type).put("Action", action);
        event.put("time", 1000).put("timeNano", 1000_000_000_500L);
        event.putObject("Actor").put("ID", id).putObject("Attributes").put("driver", driver);
        watch.handle(event);
    }

    private RefreshQueue.Work work() {
        assertThat(queue.idle()).isFalse();
        queue.refreshNow();
        RefreshQueue.Work work = queue.next();
        assertThat(work).isNotNull();
        queue.done(work);
        return work;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create",
                "pause",
                "unpause",
                "rename",
                "oom",
                "stop",
                "kill",
                "health_status: healthy"
            })
    void aChangeOfAContainerFetchesItsEntry(String action) {
        event("container", action, "one", "");
        assertThat(work().containers()).isEqualTo(Map.of("one", ContainerChange.ENTRY));
    }

    @Test
    void anUpdateFetchesItsDetails() {
        event("container", "update", "one", "");
        assertThat(work().containers()).isEqualTo(Map.of("one", ContainerChange.DETAILS));
    }

    @Test
    void aStartAndAnEndHaveTheirTime() {
        Instant time = Instant.ofEpochSecond(1000, 500);
        event("container", "start", "one", "");
        assertThat(work().containers()).isEqualTo(Map.of("one", ContainerChange.start(time)));
        event("container", "die", "one", "");
        assertThat(work().containers()).isEqualTo(Map.of("one", ContainerChange.end(time)));
    }

    @Test
    void severalChangesOfAContainerAreOne() {
        Instant time = Instant.ofEpochSecond(1000, 500);
        event("container", "update", "one", "");
        event("container", "die", "one", "");
        event("container", "rename", "one", "");
        assertThat(work().containers())
                .isEqualTo(Map.of("one", new ContainerChange(time, true, true)));
    }

    @Test
    void aRemovedContainerIsGoneWithoutAQuestion() {
        stores.containers()
                .put(
                        Container.of(
                                JSON.createObjectNode().put("Id", "one"),
                                "10.0.0.1",
                                null,
                                Resources.NONE,
                                new NetworkStore()));
        event("container", "destroy", "one", "");
        assertThat(stores.containers().all()).isEmpty();
        assertThat(queue.idle()).isTrue();
    }

    @Test
    void aContainerThatIsRemovedWhileSomethingIsFetchedIsAskedFor() {
        event("container", "start", "other", "");
        event("container", "destroy", "one", "");
        assertThat(work().containers()).containsEntry("one", ContainerChange.ENTRY);
    }

    @ParameterizedTest
    @CsvSource({"image,pull", "image,delete", "container,commit"})
    void imagesAreListedAfter(String type, String action) {
        event(type, action, "one", "");
        RefreshQueue.Work work = work();
        assertThat(work.images()).isTrue();
        assertThat(work.everything()).isFalse();
        assertThat(work.containers()).isEmpty();
    }

    @Test
    void aReloadedDaemonIsListedWhole() {
        event("daemon", "reload", "id", "");
        assertThat(work().everything()).isTrue();
    }

    @Test
    void anUnnamedVolumeIsKnownWithoutAList() {
        String unnamed = "0123456789abcdef".repeat(4);
        event("volume", "create", unnamed, "local");
        assertThat(stores.volumes().has(unnamed)).isTrue();
        event("volume", "destroy", unnamed, "local");
        assertThat(stores.volumes().has(unnamed)).isFalse();
        assertThat(queue.idle()).isTrue();
    }

    @Test
    void aNamedVolumeIsKnownAtOnceAndItsLabelsAfterAList() {
        event("volume", "create", "data", "local");
        assertThat(stores.volumes().has("data")).isTrue();
        assertThat(work().volumes()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"create,nfs", "prune,''"})
    void volumesAreListedAfter(String action, String driver) {
        event("volume", action, "data", driver);
        assertThat(work().volumes()).isTrue();
        assertThat(stores.volumes().has("data")).isFalse();
    }

    @Test
    void theEventOfANetworkShowsTheIdThatClientsSee() throws Exception {
        String shown = "5".repeat(64);
        ObjectNode entry = JSON.createObjectNode().put("Id", "own").put("Name", "front");
        entry.putObject("Labels").put(Network.SWARM_ID, shown);
        stores.networks().created(Network.of(entry));
        ObjectNode told = JSON.createObjectNode().put("Type", "network").put("Action", "destroy");
        told.putObject("Actor").put("ID", "own").putObject("Attributes").put("name", "front");
        watch.handle(told);
        assertThat(told.path("Actor").path("ID").asText()).isEqualTo(shown);
        assertThat(stores.networks().all()).isEmpty();
        assertThat(queue.idle()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "disconnect"})
    void aContainerIsFetchedAgainWhenItsNetworksChange(String action) {
        ObjectNode told = JSON.createObjectNode().put("Type", "network").put("Action", action);
        told.putObject("Actor").put("ID", "own").putObject("Attributes").put("container", "one");
        watch.handle(told);
        RefreshQueue.Work work = work();
        assertThat(work.containers()).containsOnlyKeys("one");
        assertThat(work.networks()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"container,exec_start: sh", "container,attach", "volume,mount", "new,create"})
    void otherEventsChangeNothing(String type, String action) {
        event(type, action, "one", "");
        assertThat(queue.idle()).isTrue();
    }

    @Test
    void anIdThatIsNoneIsPassedOver() {
        event("container", "start", "", "");
        event("container", "start", "x".repeat(256), "");
        event("volume", "create", "x".repeat(256), "local");
        assertThat(queue.idle()).isTrue();
        assertThat(stores.volumes().has("x".repeat(256))).isFalse();
    }
}
