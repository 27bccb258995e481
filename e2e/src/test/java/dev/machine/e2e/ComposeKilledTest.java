package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Compose 2.40 over two real servers while the endpoint is killed before a call of {@code up} and
 * of {@code down}, for every fourth call: the next run succeeds, and nothing is left.
 * ComposeKillTest has every call, with a client of its own.
 */
@Tag("lab")
class ComposeKilledTest {
    private static final String FIRST = "server-3";
    private static final String SECOND = "server-4";

    /** All calls, for a run by hand: 1. */
    private static final int STEP = Integer.getInteger("compose.killed.step", 4);

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(FIRST, "10.99.0.73", "--engine").and(SECOND, "10.99.0.74", "--engine");

    private static Swarm swarm;
    private static String latest;
    private static Path endpointSocket;
    private static Path clientSocket;
    private static Running endpoint;
    private static volatile boolean restarting;

    @BeforeAll
    static void twoServersAndAnEndpointOnASocket() throws Exception {
        latest = Lab.compose("forky");
        swarm = new Swarm();
        swarm.create(
                List.of(Swarm.server(FIRST, "10.99.0.73"), Swarm.server(SECOND, "10.99.0.74")));
        endpointSocket = swarm.user().home().resolve("endpoint.sock");
        clientSocket = swarm.user().home().resolve("compose.sock");
        start();
    }

    @AfterAll
    static void away() {
        endpoint.close();
        swarm.close();
    }

    private static void start() {
        endpoint = swarm.user().start("swarm", "manage", "-H", "unix://" + endpointSocket);
        Lab.until(
                "two nodes are healthy",
                Duration.ofSeconds(60),
                () -> docker("info").out().split("Status: Healthy", -1).length == 3);
    }

    private static void kill() {
        endpoint.signal("KILL");
        endpoint.close();
        start();
        restarting = false;
    }

    /** Compose ends with its first error, before the endpoint is back. */
    private static void killedBefore(ComposeRecorder calls, int call, String verb) {
        restarting = true;
        calls.at(call, ComposeKilledTest::kill);
        compose(verb);
        if (calls.faulted()) {
            Lab.until("the endpoint is back", Duration.ofSeconds(60), () -> !restarting);
        }
    }

    private static Output docker(String words) {
        return swarm.user().shell("docker -H unix://%s %s".formatted(endpointSocket, words));
    }

    private static Output compose(String words) {
        return swarm.user()
                .shell(
                        "cd $MACHINE_STORAGE_PATH/app; DOCKER_HOST=unix://%s %s %s"
                                .formatted(clientSocket, latest, words));
    }

    /** Containers, networks and volumes of both nodes. */
    private static List<String> everything() {
        String all = "docker ps -aq; docker network ls --format '{{.Name}}'; docker volume ls -q";
        return List.of(Lab.node(FIRST, all).ok(), Lab.node(SECOND, all).ok());
    }

    @Test
    void theNextRunConvergesWheneverTheEndpointIsKilled() {
        swarm.user()
                .file(
                        "app/compose.yml",
                        """
                        services:
                          web: {image: nginx, stop_grace_period: 0s, ports: ["80:80"], depends_on: [db]}
                          db: {image: debian, command: sleep 1d, stop_grace_period: 0s, volumes: [data:/data]}
                        volumes: {data: {}}
                        """);
        docker("pull -q nginx").ok();
        docker("pull -q debian").ok();
        List<String> before = everything();
        int kills = 0;
        try (ComposeRecorder calls = new ComposeRecorder(clientSocket, endpointSocket, "1.51")) {
            boolean more = true;
            for (int call = 1; more; call += STEP) {
                more = false;
                for (String verb : List.of("up -d", "down -v")) {
                    killedBefore(calls, call, verb);
                    more |= calls.faulted();
                    kills += calls.faulted() ? 1 : 0;
                    calls.at(Integer.MAX_VALUE, () -> {});
                    compose(verb).ok();
                    if (verb.startsWith("up")) {
                        assertThat(compose("ps -q").ok().lines()).as("call %d", call).hasSize(2);
                    } else {
                        assertThat(everything()).as("call %d", call).isEqualTo(before);
                    }
                }
            }
        }
        System.out.printf("compose: the endpoint was killed %d times%n", kills);
        assertThat(kills).isGreaterThan(20 / STEP);
    }
}
