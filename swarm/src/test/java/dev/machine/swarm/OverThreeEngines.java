package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.FakeEngine;
import dev.machine.swarm.testing.Swarm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint over engines of API 1.41, 1.51 and 1.57, which a test starts when they are ready. */
abstract class OverThreeEngines {
    static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;

    Swarm swarm;
    FakeEngine one;
    FakeEngine two;
    FakeEngine three;

    @BeforeEach
    void makeEngines() {
        swarm = new Swarm(folder);
        one = swarm.engine("node-1", "1.12", "1.41");
        two = swarm.engine("node-2", "1.44", "1.51");
        three = swarm.engine("node-3", "1.40", "1.57");
    }

    @AfterEach
    void stop() {
        swarm.close();
    }

    void ready() {
        swarm.start("spread");
    }

    /** The engines that have a volume of this name. */
    List<FakeEngine> holders(String volume) {
        return swarm.engines().stream()
                .filter(engine -> engine.volumes().names().contains(volume))
                .toList();
    }

    static void answered(int status, HttpResponse<String> answer, String... words)
            throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("message").asText()).contains(words);
    }
}
