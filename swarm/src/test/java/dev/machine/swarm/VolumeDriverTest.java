package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Volumes of drivers that not every engine has. */
@Timeout(60)
class VolumeDriverTest extends OverThreeEngines {
    @BeforeEach
    void start() {
        two.volumes().driver("netshare");
        ready();
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
        assertThat(two.volumes().names()).hasSize(6);
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
