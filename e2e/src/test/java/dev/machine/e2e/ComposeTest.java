package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    void nothingIsMadeAnewWhateverHappensAndDownLeavesNothing() throws IOException {
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
        upAgain("again", first);
        upAgain("once more", first);
        swarm.user().run("restart", "master").ok();
        swarm.awaitHealthy(2);
        upAgain("after a restart of the endpoint", first);
        try (FakeRack _ = FakeRack.start(swarm.user(), 1, 1)) {
            swarm.awaitHealthy(3);
            upAgain("with a board more", first);
        }
        swarm.awaitHealthy(2);
        String other = nodesOf("app").equals(List.of(FIRST)) ? SECOND : FIRST;
        Lab.cut(other);
        Lab.until("it is lost", Duration.ofSeconds(30), () -> swarm.healthy() == 1);
        upAgain("without the other server", first);
        Lab.boot(other);
        swarm.awaitHealthy(2);
        upAgain("with the other server again", first);
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

    private static void upAgain(String when, String containers) {
        compose(latest, "up -d").ok();
        assertThat(ids()).as(when).isEqualTo(containers);
    }

    /** The nodes that have containers of a project. */
    private static List<String> nodesOf(String project) {
        return swarm.docker(
                        "ps --filter label=com.docker.compose.project=%s --format '{{.Names}}'"
                                .formatted(project))
                .ok()
                .lines()
                .map(name -> name.replaceFirst("/.*", ""))
                .distinct()
                .toList();
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
        file(
                """
                version: "3.8"
                services:
                  web: {image: nginx, ports: ["80"], environment: [A=1]}
                  db: {image: debian, command: sleep 1d, volumes: [data:/data]}
                volumes: {data: {}}
                """);
        compose("docker-compose", "up -d -t 0").ok();
        assertThat(ids()).as("web is made anew").isNotEqualTo(third).hasSize(2 * 64);
        assertThat(compose("docker-compose", "exec -T web wget -qO- http://web/").ok())
                .isEqualTo("hello from nginx linux/amd64");
        compose("docker-compose", "down -v -t 0").ok();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    @Order(2)
    void compose226MakesNothingAnew() {
        String compose = Lab.compose("trixie");
        file(
                """
                services:
                  web: {image: nginx, ports: ["80"], depends_on: [db]}
                  db: {image: debian, command: sleep 1d, volumes: [data:/data], stop_grace_period: 0s}
                volumes: {data: {}}
                """);
        compose(compose, "up -d").ok();
        String first = ids();
        assertThat(first).hasSize(2 * 64);
        compose(compose, "up -d").ok();
        assertThat(ids()).isEqualTo(first);
        assertThat(compose(compose, "exec -T web nslookup db").ok()).contains("db");
        compose(compose, "down -v").ok();
        assertThat(everything()).isEqualTo(before);
    }

    /** The file of the seed, on two real servers, 49 fake servers and 49 fake ARM boards. */
    @Test
    @Order(3)
    void scalesTheSeedsFileToAHundredNodesAndNoFurther() throws IOException {
        swarm.user().run("image", "rules", "add", "aiyara").ok();
        file("web:\n  image: nginx\n  ports:\n    - \"80:80\"\n");
        try (FakeRack _ = FakeRack.start(swarm.user(), FAKES, BOARDS)) {
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

    /** The same in a file of version 3, whose network is made on every node. */
    @Test
    @Order(5)
    void scalesAServiceWithANetworkToAHundredNodes() throws IOException {
        file("services:\n  web:\n    image: nginx\n    ports: [\"80:80\"]\n");
        try (FakeRack _ = FakeRack.start(swarm.user(), FAKES, BOARDS)) {
            swarm.awaitHealthy(FAKES + 2);
            Output hundred = compose(latest, "up -d --scale web=100").exits(0);
            Output again = compose(latest, "up -d --scale web=100").exits(0);
            System.out.printf(
                    "compose: up --scale web=100 in %d ms, again in %d ms, the endpoint's RSS is %d MB%n",
                    hundred.took().toMillis(), again.took().toMillis(), rss() / 1024);
            assertThat(again.err()).doesNotContain("Recreate").doesNotContain("Starting");
            assertThat(nodesOf("app")).hasSize(100);
            compose(latest, "down").ok();
            assertThat(swarm.docker("ps -aq").ok()).isEmpty();
            assertThat(swarm.docker("network ls -q --filter name=app_default").ok()).isEmpty();
        }
        swarm.awaitHealthy(2);
        assertThat(everything()).isEqualTo(before);
    }

    /** Without a platform the image of this name is the one for amd64. */
    @Test
    @Order(7)
    void aServiceForAnotherPlatformThanTheImagesIsNotMadeAnew() throws IOException {
        file(
                "services: {web: {image: multi, platform: linux/arm/v7}, db: {image: multi, command: sleep 1d, stop_grace_period: 0s}}\n");
        swarm.docker("pull -q multi").ok();
        try (FakeRack _ = FakeRack.start(swarm.user(), 2, 1)) {
            swarm.awaitHealthy(4);
            compose(latest, "up -d").ok();
            String first = ids();
            assertThat(swarm.docker("ps --format '{{.Names}}'").ok()).contains("node-1/app-web-1");
            upAgain("again", first);
            swarm.user().run("restart", "master").ok();
            swarm.awaitHealthy(4);
            upAgain("after a restart of the endpoint", first);
            compose(latest, "down").ok();
        }
        swarm.awaitHealthy(2);
        swarm.docker("rmi multi").ok();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    @Order(6)
    void aFileOnTheUsersComputerIsNotCopied() {
        swarm.user().file("app/page", "mine");
        file(
                """
                services: {web: {image: nginx, configs: [page]}}
                configs: {page: {file: ./page}}
                """);

        Output refused = compose(latest, "up -d");
        assertThat(refused.status()).isNotZero();
        assertThat(refused.err())
                .containsPattern(
                        "bind source path does not exist: /.*/app/page; the path must exist on server-[12], it is not copied from your computer");
        compose(latest, "down").ok();
        assertThat(everything()).isEqualTo(before);
    }

    /** A registry that lets nobody in without a password; the create of a container has none. */
    @Test
    @Order(4)
    void pullsAPrivateImageWithTheUsersLogin() {
        String registry = Lab.value("LAB_GATEWAY") + ":" + Swarm.PRIVATE_REGISTRY;
        String image = registry + "/private/web";
        String login = "login -u user --password-stdin " + registry + " <<<";
        try (Running _ = startRegistry(registry)) {
            Output wrong = swarm.docker(login + "wrong");
            assertThat(wrong.status()).isNotZero();
            assertThat(wrong.err()).containsIgnoringCase("unauthorized");
            swarm.docker(login + "word").ok();
            swarm.docker("pull -q nginx").ok();
            swarm.docker("tag nginx " + image).ok();
            swarm.docker("push -q " + image).ok();
            swarm.docker("rmi " + image).ok();

            swarm.docker("logout " + registry).ok();
            Output refused = swarm.docker("run --rm " + image + " true");
            assertThat(refused.status()).isEqualTo(125);
            assertThat(refused.err()).contains("no basic auth credentials");
            swarm.docker(login + "word").ok();
            for (String node : List.of(FIRST, SECOND)) {
                String run = "run --rm -e constraint:node==%s %s hostname";
                swarm.docker(run.formatted(node, image)).ok();
            }
            swarm.docker("rmi " + image).ok();
            file("services: {web: {image: %s}}\n".formatted(image));
            compose(latest, "up -d").ok();
            compose(latest, "down").ok();
        }
        assertThat(everything()).isEqualTo(before);
    }

    private static Running startRegistry(String address) {
        String script =
                """
                cat >$HOME/registry.yml <<END
                version: 0.1
                log: {level: warn}
                storage: {filesystem: {rootdirectory: $HOME/registry}}
                http: {addr: "%s"}
                auth: {htpasswd: {realm: lab, path: $HOME/passwords}}
                END
                perl -e 'print "user:", crypt("word", "\\$2y\\$05\\$abcdefghijklmnopqrstuu"), "\n"' >$HOME/passwords
                exec $LAB_STATE/hub/tools/usr/bin/docker-registry serve $HOME/registry.yml
                """
                        .formatted(address);
        Running registry = swarm.user().startInHub(List.of("bash", "-c", script));
        Lab.until(
                "the private registry answers",
                Duration.ofSeconds(30),
                () ->
                        Lab.hub("curl -s -o /dev/null --noproxy '*' http://" + address + "/v2/")
                                        .status()
                                == 0);
        return registry;
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
