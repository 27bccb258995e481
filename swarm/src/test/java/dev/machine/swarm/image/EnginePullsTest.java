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
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.TestPki;
import java.nio.file.Path;
import java.time.InstantSource;
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

    private void pull(long since) throws Exception {
        pulls.pull(new Pulls.Order(engine, IMAGE, null, null, since), new Cancellation());
    }
}
