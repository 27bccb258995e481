package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.Pem;
import dev.machine.swarm.discovery.Member;
import dev.machine.swarm.http.Deadlines;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.TestPki;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The computer's clock is set back while an engine is followed. */
@Timeout(60)
class EngineCacheClockTest {
    private static final EngineTimings OFTEN =
            new EngineTimings(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(50),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(300),
                    Duration.ofMillis(50),
                    Duration.ofMillis(200));

    @TempDir Path folder;

    @Test
    void itIsListedAsOftenAsBefore() {
        TestPki pki = new TestPki(folder);
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
        EngineListener nobody =
                new EngineListener() {
                    @Override
                    public void event(EngineCache engine, ObjectNode event, int bytes) {}

                    @Override
                    public void changed(EngineCache engine, String action) {}
                };
        try (Deadlines deadlines = new Deadlines();
                FakeEngine engine = new FakeEngine(pki, "one");
                EngineCache cache =
                        new EngineCache(
                                new Member(
                                        "one",
                                        "127.0.0.1",
                                        engine.port(),
                                        "",
                                        pki.ca(),
                                        pki.cert(),
                                        pki.key()),
                                () -> Pem.context(pki.ca(), pki.cert(), pki.key()),
                                EngineEnvironment.of(deadlines, OFTEN, now::get),
                                nobody)) {
            cache.start();
            Await.until("healthy", () -> cache.status().healthy());
            now.set(Instant.parse("2020-01-01T00:00:00Z"));
            int before = lists(engine);
            Await.until("listed again", Duration.ofSeconds(10), () -> lists(engine) > before + 1);
        }
    }

    private static int lists(FakeEngine engine) {
        return (int)
                engine.calls().stream()
                        .filter(call -> call.endsWith("/containers/json?all=1"))
                        .count();
    }
}
