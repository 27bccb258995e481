package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Compose clients of Debian against the endpoint over real nodes: 2.40 and 1.29. What a fake engine
 * proves as well is in ComposeReplayTest.
 */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeTest {
    private static final String FIRST = "server-1";
    private static final String SECOND = "server-2";
    private static final int FAKES = 98;
    private static final int BOARDS = 49;

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(FIRST, "10.99.0.71", "--engine")
                    .and(SECOND, "10.99.0.72", "--engine", "--os", "trixie");

    private static Swarm swarm;
    private static String latest;
    private static List<String> before;

    @BeforeAll
    static void twoServersAndAMaster() throws Exception {
        latest = Lab.compose("forky");
        swarm = new Swarm();
        swarm.create(
                List.of(Swarm.server(FIRST, "10.99.0.71"), Swarm.server(SECOND, "10.99.0.72")));
        swarm.master(2);
        before = everything();
    }

    @AfterAll
    static void away() {
        swarm.close();
    }

    /** Containers, networks and volumes of both nodes, as their engines know them. */
    private static List<String> everything() {
        return List.of(FIRST, SECOND).stream()
                .map(
                        node ->
                                swarm.user()
                                        .docker(
                                                node,
                                                "ps -aq; docker $(machine config %1$s) network ls --format '{{.Name}}'; docker $(machine config %1$s) volume ls -q"
                                                        .formatted(node))
                                        .ok())
                .toList();
    }

    private static Output compose(String client, String words) {
        return swarm.user()
                .shell(
                        "cd $MACHINE_STORAGE_PATH/app; eval $(machine env --swarm --shell sh master); "
                                + client
                                + " "
                                + words);
    }

    private static void file(String text) {
        swarm.user().file("app/docker-compose.yml", text);
    }

    private static String ids() {
        return swarm.docker("ps -q --no-trunc").ok().lines().sorted().collect(Collectors.joining());
    }

    @Test
    @Order(1)
    void threeTimesUpMakesNothingAnewAndDownLeavesNothing() {
        file(
                """
                services:
                  web:
                    image: nginx
                    ports: ["80:80"]
                    depends_on: {db: {condition: service_healthy}}
                  db:
                    image: debian
                    command: sh -c 'echo begun; exec sleep 1d'
                    stop_grace_period: 0s
                    volumes: [data:/data]
                    healthcheck: {test: "true", interval: 1s}
                volumes: {data: {}}
                """);

        compose(latest, "up -d").ok();
        String first = ids();
        assertThat(first).hasSize(2 * 64);
        for (int i = 0; i < 2; i++) {
            compose(latest, "up -d").ok();
            assertThat(ids()).as("up again").isEqualTo(first);
        }
        assertThat(compose(latest, "exec -T web wget -qO- http://web/").ok())
                .isEqualTo("hello from nginx linux/amd64");
        assertThat(compose(latest, "exec -T web nslookup db").ok()).contains("db");
        assertThat(compose(latest, "logs db").ok()).contains("begun");
        compose(latest, "up -d --scale web=2").ok();
        assertThat(compose(latest, "ps -q").ok().lines()).hasSize(3);
        assertThat(ids()).contains(first.substring(0, 64));
        compose(latest, "down -v").ok();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    @Order(2)
    void compose129RunsFilesOfVersionsOneAndThree() {
        file(
                """
                web: {image: nginx, ports: ["80"], links: [db]}
                db: {image: debian, command: sleep 1d}
                """);
        compose("docker-compose", "up -d").ok();
        String first = ids();
        compose("docker-compose", "up -d").ok();
        assertThat(ids()).isEqualTo(first);
        compose("docker-compose", "down -v -t 0").ok();

        file(
                """
                version: "3.8"
                services:
                  web: {image: nginx, ports: ["80"]}
                  db: {image: debian, command: sleep 1d, volumes: [data:/data]}
                volumes: {data: {}}
                """);
        compose("docker-compose", "up -d").ok();
        String third = ids();
        assertThat(third).hasSize(2 * 64);
        compose("docker-compose", "up -d").ok();
        assertThat(ids()).isEqualTo(third);
        assertThat(compose("docker-compose", "exec -T web wget -qO- http://web/").ok())
                .isEqualTo("hello from nginx linux/amd64");
        compose("docker-compose", "down -v -t 0").ok();
        assertThat(everything()).isEqualTo(before);
    }

    /** The file of the seed, on two real servers, 49 fake servers and 49 fake ARM boards. */
    @Test
    @Order(3)
    void scalesTheSeedsFileToAHundredNodesAndNoFurther() throws IOException {
        swarm.user().run("image", "rules", "add", "aiyara").ok();
        file("web:\n  image: nginx\n  ports:\n    - \"80:80\"\n");
        try (FakeRack rack = FakeRack.start(swarm.user(), FAKES, BOARDS)) {
            swarm.awaitHealthy(FAKES + 2);
            compose("docker-compose", "up -d").ok();
            Output hundred = compose("docker-compose", "scale web=100").exits(0);
            List<String> placed =
                    swarm.docker("ps --format '{{.Names}} {{.Image}}'").ok().lines().toList();
            System.out.printf(
                    "compose: scale web=100 in %d ms, the endpoint's RSS is %d MB%n",
                    hundred.took().toMillis(), rss() / 1024);
            assertThat(placed.stream().map(line -> line.replaceFirst("/.*", "")).distinct())
                    .as("%s", placed)
                    .hasSize(100);
            assertThat(
                            placed.stream()
                                    .filter(line -> line.endsWith(" aiyara/nginx:latest.arm"))
                                    .map(line -> line.replaceFirst("/.*", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(FAKES - BOARDS, FAKES)
                                    .mapToObj(i -> "node-" + i)
                                    .toList());

            Output refused = compose("docker-compose", "scale web=101");
            assertThat(refused.status()).isNotZero();
            assertThat(refused.err()).contains("[port 80 (Bridge mode)]", "port 80/tcp is taken");
            compose("docker-compose", "down -t 0").ok();
            assertThat(swarm.docker("ps -aq").ok()).isEmpty();
            assertThat(everything()).isEqualTo(before);
        }
        swarm.awaitHealthy(2);
    }

    /** Resident memory of the endpoint's process in kB. */
    private static long rss() throws IOException {
        String pid =
                Files.readString(swarm.user().store().resolve("machines/master/endpoint.lock"))
                        .strip();
        return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
