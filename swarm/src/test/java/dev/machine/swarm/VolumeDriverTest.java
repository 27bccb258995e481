package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Volumes of drivers that not every engine has. */
@Timeout(60)
class VolumeDriverTest {
    @TempDir Path folder;

    private Swarm swarm;
    private FakeEngine with;

    @BeforeEach
    void start() {
        swarm = new Swarm(folder);
        swarm.engine("node-1", "1.12", "1.41");
        with = swarm.engine("node-2", "1.44", "1.51");
        with.volumes().driver("netshare");
        swarm.engine("node-3", "1.40", "1.57");
        swarm.start("spread");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    private HttpResponse<String> create(String name, String driver) throws Exception {
        return swarm.post(
                "/volumes/create", "{\"Name\":\"" + name + "\",\"Driver\":\"" + driver + "\"}");
    }

    @Test
    void aNodeThatHasTheDriverIsChosen() throws Exception {
        for (int i = 0; i < 6; i++) {
            assertThat(create("data-" + i, "netshare").statusCode()).isEqualTo(201);
        }
        assertThat(with.volumes().names()).hasSize(6);
    }

    /** An engine looks for an unknown driver for half a minute. */
    @Test
    void ofADriverThatNoNodeHasOneNodeIsAsked() throws Exception {
        HttpResponse<String> answer = create("data", "x");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("plugin x not found");
        long asked =
                swarm.engines().stream()
                        .flatMap(engine -> engine.calls().stream())
                        .filter(call -> call.endsWith("/volumes/create"))
                        .count();
        assertThat(asked).isEqualTo(1);
    }
}
