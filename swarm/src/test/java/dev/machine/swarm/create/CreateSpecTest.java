package dev.machine.swarm.create;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.engine.PortBinding;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.Request;
import dev.machine.swarm.http.RequestBody;
import dev.machine.swarm.http.RequestTarget;
import dev.machine.swarm.image.ImageChoice;
import dev.machine.swarm.network.SwarmNetworks;
import dev.machine.swarm.schedule.PlacementRequest;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class CreateSpecTest {
    private static final ApiVersion VERSION = new ApiVersion(1, 51);

    private static CreateSpec spec(String target, String json) {
        RequestTarget parsed = RequestTarget.parse(target);
        Request request =
                new Request(
                        "POST",
                        parsed,
                        Headers.NONE,
                        RequestBody.none(),
                        new Cancellation(),
                        null,
                        false);
        CreateBody body =
                CreateBody.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        Cluster cluster = new Cluster((member, listener) -> null, InstantSource.system());
        return CreateSpec.parse(
                new CreateCall(request, parsed, VERSION),
                body,
                cluster,
                new SwarmNetworks(cluster),
                "id-1");
    }

    @Test
    void everythingThatAClientAsksForIsReadAtOnce() throws Exception {
        CreateSpec spec =
                spec(
                        "/containers/create?name=%2Fweb&platform=arm64",
                        "{'Image':'nginx','Env':['constraint:node==a*','X=y'],'Labels':{'x':'y'},"
                                + "'HostConfig':{'Memory':7,'NanoCpus':5,'NetworkMode':'host',"
                                + "'Links':['db:sql'],'Binds':['data:/d']},"
                                + "'ExposedPorts':{'80/tcp':{}}}");
        assertThat(spec.name()).isEqualTo("web");
        assertThat(spec.platform()).isEqualTo(Platform.parse("linux/arm64"));
        PlacementRequest request =
                spec.request("web", node -> new ImageChoice.Use("nginx", "as typed"));
        assertThat(request.swarmId()).isEqualTo("id-1");
        assertThat(request.image().name()).isEqualTo("nginx");
        assertThat(request.image().mustBePresent()).isFalse();
        assertThat(request.hostNetwork()).isTrue();
        assertThat(request.resources().memory()).isEqualTo(7);
        assertThat(request.resources().nanoCpus()).isEqualTo(5);
        assertThat(request.resources().ports()).extracting(PortBinding::port).containsExactly(80);
        assertThat(request.conditions().expressions().constraints()).hasToString("[node==a*]");
        assertThat(request.conditions().dependencies())
                .containsExactly(
                        new PlacementRequest.Dependency("--link=db:sql", null, "db", false));
        assertThat(request.conditions().volumes())
                .containsExactly(new PlacementRequest.Volume("data", null));
        assertThat(request.labels())
                .containsEntry("x", "y")
                .containsEntry("com.docker.swarm.constraints", "[\"node==a*\"]")
                .containsEntry(PlacementRequest.SWARM_ID, "id-1");
        byte[] settings = spec.body().forEngine("nginx", VERSION, VERSION).settings();
        assertThat(new String(settings, StandardCharsets.UTF_8))
                .contains("\"Env\":[\"X=y\"]")
                .contains("\"com.docker.swarm.id\":\"id-1\"");
    }

    @Test
    void aNameOrPlatformThatIsEmptyIsNone() {
        CreateSpec spec = spec("/containers/create?name=&platform=", "{'Image':'nginx'}");
        assertThat(spec.name()).isNull();
        assertThat(spec.platform()).isNull();
    }
}
