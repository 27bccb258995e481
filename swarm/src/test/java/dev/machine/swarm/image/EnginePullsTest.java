package dev.machine.swarm.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.discovery.Member;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineEnvironment;
import dev.machine.swarm.engine.EngineListener;
import dev.machine.swarm.engine.EngineTimings;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Deadlines;
import dev.machine.swarm.image.Pulls.PullFailed;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.TestPki;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EnginePullsTest {
    private static final String IMAGE = "nginx:latest";
    private static final EngineListener NOBODY =
            new EngineListener() {
                @Override
                public void event(EngineCache engine, ObjectNode event, int bytes) {
                    // Nobody is told.
                }

                @Override
                public void changed(EngineCache engine, String action) {
                    // Nobody is told.
                }
            };

    @TempDir Path folder;

    private FakeEngine fake;
    private Deadlines deadlines;
    private EngineCache engine;
    private EnginePulls pulls;

    @BeforeEach
    void start() {
        TestPki pki = new TestPki(folder);
        fake = new FakeEngine(pki, "a");
        deadlines = new Deadlines();
        Member member =
                new Member(
                        "a",
                        "127.0.0.1",
                        fake.port(),
                        "linux/amd64",
                        pki.ca(),
                        pki.cert(),
                        pki.key());
        engine =
                new EngineCache(
                        member,
                        pki.contexts(),
                        EngineEnvironment.of(
                                deadlines, EngineTimings.DEFAULT, InstantSource.system()),
                        NOBODY);
        pulls = new EnginePulls(deadlines, EnginePulls.SILENCE);
    }

    @AfterEach
    void stop() {
        engine.close();
        deadlines.close();
        fake.close();
    }

    @Test
    void aCallerThatMissedTheImageBeforeItCameDoesNotPullItAgain() throws Exception {
        long missed = System.nanoTime();
        pull(missed);
        pull(missed);

        assertThat(fake.creates().pulls()).containsEntry(IMAGE, 1);
    }

    @Test
    void aCallerThatMissesTheImageAfterwardsPullsItAgain() throws Exception {
        pull(System.nanoTime());
        pull(System.nanoTime());

        assertThat(fake.creates().pulls()).containsEntry(IMAGE, 2);
    }

    /** Private registries: what one client may pull is not given to another. */
    @Test
    void oneClientsCredentialsNeverServeAnother() throws Exception {
        CountDownLatch arrives = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        fake.handles(
                "/images/create",
                exchange -> {
                    String auth = exchange.getRequestHeaders().getFirst("X-Registry-Auth");
                    if (!"mine".equals(auth)) {
                        FakeEngine.send(exchange, 401, "{\"message\":\"unauthorized\"}");
                        return;
                    }
                    arrives.countDown();
                    try {
                        goesOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    FakeEngine.send(exchange, 200, "{\"status\":\"Download complete\"}\n");
                });
        long missed = System.nanoTime();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = clients.submit(() -> pullWith("mine", missed));
            arrives.await();
            assertThat(pullWith("yours", missed)).isFalse();
            assertThat(pullWith(null, missed)).isFalse();
            goesOn.countDown();
            assertThat(first.get()).isEqualTo(true);
        }
        assertThat(pullWith("mine", missed)).as("it has arrived").isTrue();
        assertThat(pullWith("yours", missed)).isFalse();
        assertThat(pullWith(null, missed)).isFalse();
    }

    /** Whether the image came; a refusal is the other outcome. */
    private boolean pullWith(@Nullable String auth, long since) {
        try {
            pulls.pull(new Pulls.Order(engine, IMAGE, null, auth, since), new Cancellation());
            return true;
        } catch (PullFailed e) {
            assertThat(e.refused()).isTrue();
            return false;
        }
    }

    private void pull(long since) throws Exception {
        pulls.pull(new Pulls.Order(engine, IMAGE, null, null, since), new Cancellation());
    }
}
