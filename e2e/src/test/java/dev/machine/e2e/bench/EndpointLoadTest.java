package dev.machine.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.e2e.bench.Load.Order;
import dev.machine.e2e.bench.Load.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * 64 clients at once over TLS at an endpoint as {@code machine start} runs it, before a hundred
 * engines; what is right is asked of the engines.
 */
class EndpointLoadTest {
    private static final int ENGINES = 100;
    private static final int CLIENTS = 64;
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);

    private static Rig rig;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        rig = new Rig();
        rig.engines(ENGINES);
        rig.restart(ENGINES);
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        rig.close();
    }

    @BeforeEach
    void empty() throws IOException, InterruptedException {
        rig.clear();
    }

    @Test
    void aHundredContainersWithOnePortLandOneOnEachOfAHundredNodes() throws IOException {
        Result result = rig.load(order(100).with(Rig.body(Rig.PORT_80)));

        assertThat(result.errors()).as("%s", result.errors()).isEmpty();
        assertThat(result.done()).isEqualTo(100);
        JsonNode held = rig.fakes(Map.of());
        assertThat(held.path("least").asInt()).isEqualTo(1);
        assertThat(held.path("most").asInt()).isEqualTo(1);
    }

    @Test
    void exactlyAsManyAreTakenAsMemoryIsThere() throws IOException {
        Result result = rig.load(order(500).with(Rig.body(Rig.ONE_GIB)));

        assertThat(result.done()).isEqualTo(400);
        assertThat(result.failed()).isEqualTo(100);
        assertThat(result.errors().keySet())
                .containsOnly("500 no resources available to schedule container");
        assertThat(rig.fakes(Map.of()).path("mostMemory").asLong()).isEqualTo(4L << 30);
    }

    @Test
    void oneOfManyGetsTheName() throws IOException {
        Result result = rig.load(order(CLIENTS).named("only"));

        assertThat(result.done()).isEqualTo(1);
        assertThat(result.errors().keySet()).allMatch(error -> error.startsWith("409 "));
        assertThat(rig.fakes(Map.of()).path("containers").asInt()).isEqualTo(1);
    }

    @Test
    void anImageThatIsMissingIsPulledOnceOnANode() throws IOException {
        rig.fakes(Map.of("pullDelay", 200));

        Result result = rig.load(order(400).with(Rig.MISSING));

        assertThat(result.errors()).as("%s", result.errors()).isEmpty();
        JsonNode held = rig.fakes(Map.of());
        assertThat(held.path("mostPulls").asInt()).isEqualTo(1);
        assertThat(held.path("pulls").asInt()).isEqualTo(ENGINES);
    }

    private static Order order(int count) {
        return Order.create(rig.through(), CLIENTS, count, LONG_ENOUGH);
    }
}
