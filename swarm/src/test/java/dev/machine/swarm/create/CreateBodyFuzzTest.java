package dev.machine.swarm.create;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.Resources;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.schedule.SchedulingException;
import java.io.IOException;

/** The settings of a container are read or refused; unknown fields stay as they are. */
class CreateBodyFuzzTest {
    private static final ApiVersion VERSION = new ApiVersion(1, 51);

    @FuzzTest(maxDuration = "5s")
    void isPassedOnAsItCameOrRefused(byte[] input) throws IOException {
        try {
            CreateBody body = CreateBody.parse(input);
            JsonNode before = body.json().deepCopy();
            CreateBody passed =
                    CreateBody.parse(body.forEngine(body.image(), VERSION, VERSION).settings());
            assertThat(passed.json().path("HostConfig")).isEqualTo(before.path("HostConfig"));
            assertThat(passed.image()).isEqualTo(body.image());
            Resources resources =
                    Resources.of(before.path("HostConfig"), before.path("ExposedPorts"));
            assertThat(resources.memory()).isNotNegative();
            assertThat(resources.nanoCpus()).isNotNegative();
            ExpressionSource.takeFrom(body);
            body.label("a", "b");
            assertThat(body.labels()).containsEntry("a", "b");
        } catch (SchedulingException e) {
            assertThat(e.kind()).isEqualTo(SchedulingException.Kind.INVALID);
        } catch (HttpProblem e) {
            assertThat(e.status()).isEqualTo(400);
        }
    }
}
