package dev.machine.swarm.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.machine.common.NaturalOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventHubTest {
    private final EventHub hub = new EventHub(2);

    private static ClusterEvent event(int number) {
        return new ClusterEvent("node", number, JsonNodeFactory.instance.objectNode());
    }

    @Test
    void aSlowReaderLosesItsStreamAndNobodyElseDoes() throws Exception {
        Subscription slow = hub.subscribe();
        Subscription quick = hub.subscribe();
        for (int i = 1; i <= 10; i++) {
            hub.publish(event(i), 10);
            assertThat(quick.next(Duration.ofSeconds(5)).timeNano()).isEqualTo(i);
        }
        assertThat(slow.lagged()).isTrue();
        assertThat(quick.lagged()).isFalse();
    }

    @Test
    void aReaderLagsByALimitedNumberOfBytesAndIsCutOff() throws Exception {
        EventHub large = new EventHub();
        Subscription slow = large.subscribe();
        AtomicBoolean cutOff = new AtomicBoolean();
        slow.onLag(() -> cutOff.set(true));
        large.publish(event(1), 1 << 20);
        large.publish(event(2), 1 << 20);
        assertThat(cutOff).isFalse();
        large.publish(event(3), 1 << 20);
        large.publish(event(4), 1 << 20);
        assertThat(cutOff).isTrue();
        assertThat(slow.lagged()).isTrue();
        assertThat(slow.next(Duration.ofMillis(1))).isNull();
    }

    @Test
    void aReaderThatKeepsUpMayHearAnyNumberOfBytes() throws Exception {
        EventHub large = new EventHub();
        Subscription quick = large.subscribe();
        for (int i = 0; i < 10; i++) {
            large.publish(event(i), 1 << 20);
            assertThat(quick.next(Duration.ofSeconds(5))).isNotNull();
        }
        assertThat(quick.lagged()).isFalse();
    }

    @Test
    void aClosedReaderHearsNothing() throws Exception {
        Subscription reader = hub.subscribe();
        reader.close();
        hub.publish(event(1), 10);
        assertThat(reader.next(Duration.ofMillis(1))).isNull();
        assertThat(reader.lagged()).isFalse();
    }

    @Test
    void namesAreOrderedAsPeopleCount() {
        assertThat(
                        Stream.of("node-11", "node-2", "a", "node-2b", "node-02", "Node-1")
                                .sorted(NaturalOrder.INSTANCE)
                                .toList())
                .isEqualTo(List.of("Node-1", "a", "node-02", "node-2", "node-2b", "node-11"));
    }
}
