package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The endpoint over real engines, as the docker CLI and docker-compose see it: one story in order,
 * because starting a node anew for each case would cost minutes.
 */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndpointTest {
    private static final String BOARD = "rack-9-node-1";
    private static final String CLOUD = "rack-9-node-2";
    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(BOARD, "192.168.9.1", "--engine")
                    .and(CLOUD, "192.168.9.2", "--engine", "--os", "trixie");

    private static Machine user;
    private static Running events;

    @BeforeAll
    static void aUserWithDefaults() {
        user = new Machine();
        user.file(
                "config.yaml",
                """
                engine-registry-mirror: [%s]
                aiyara:
                  ssh-user: root
                  ssh-key: %s
                """
                        .formatted(Lab.value("LAB_MIRROR"), Lab.value("LAB_KEY")));
    }

    @AfterAll
    static void noEndpointIsLeft() {
        if (events != null) {
            events.close();
        }
        user.run("rm", "-y", "-f", "master");
        user.close();
    }

    @Test
    @Order(1)
    @Tag("quick")
    void showsANodeThatWasThereBeforeTheMaster() {
        user.run("create", "-d", "aiyara", BOARD).ok();
        user.run(
                        "create",
                        "-d",
                        "none",
                        "--url",
                        "tcp://127.0.0.1:3376",
                        "--swarm-master",
                        "master")
                .ok();

        Lab.until(
                "info shows the node",
                FIVE_SECONDS,
                () -> info().contains("Nodes: 1") && info().contains("Healthy"));
        assertThat(info())
                .contains(
                        BOARD + ": 192.168.9.1:2376",
                        "Reserved CPUs: 0 / ",
                        "provider=aiyara",
                        "architecture=amd64");
        assertThat(user.run("config", "--swarm", "master").ok().lines().toList())
                .contains("-H=tcp://127.0.0.1:3376", "--tlsverify")
                .noneMatch(line -> line.contains("\""));
    }

    @Test
    @Order(2)
    void takesANewNodeInWhileEventsStayOpen() {
        events =
                user.startInHub(
                        List.of(
                                "bash",
                                "-c",
                                "PATH="
                                        + Lab.ROOT
                                        + ":$PATH; exec docker $(machine config master --swarm) events"));

        user.run("create", "-d", "aiyara", CLOUD).ok();

        Lab.until("info shows two nodes", FIVE_SECONDS, () -> info().contains("Nodes: 2"));
        Lab.until(
                "both are healthy",
                FIVE_SECONDS,
                () -> info().split("Status: Healthy", -1).length == 3);
        assertThat(events.alive()).isTrue();
    }

    @Test
    @Order(3)
    void passesCallsOnToTheContainersNode() {
        user.docker(
                        CLOUD,
                        "run -d --name talker debian sh -c 'i=0; while :; do echo line $i; i=$((i+1)); sleep 0.2; done'")
                .ok();

        Lab.until(
                "ps shows the container",
                FIVE_SECONDS,
                () -> swarm("ps").contains(CLOUD + "/talker"));
        assertThat(swarm("inspect -f '{{.State.Running}} {{.Node.Name}}' talker"))
                .isEqualTo("true " + CLOUD);
        assertThat(swarm("images")).contains("debian");
        try (Running logs =
                user.startInHub(
                        List.of(
                                "bash",
                                "-c",
                                "PATH="
                                        + Lab.ROOT
                                        + ":$PATH; exec docker $(machine config master --swarm) logs -f talker"))) {
            Lab.until(
                    "logs follow",
                    Duration.ofSeconds(10),
                    () -> logs.outSoFar().contains("line 9"));
        }
        swarm("stop -t 1 " + CLOUD + "/talker");
        assertThat(swarm("wait talker")).isEqualTo("137");
        swarm("start talker");
        assertThat(swarm("inspect -f '{{.State.Running}}' talker")).isEqualTo("true");
        swarm("rm -f talker");
        Lab.until("ps no longer shows it", FIVE_SECONDS, () -> !swarm("ps -a").contains("talker"));
        Lab.until(
                "events told it",
                FIVE_SECONDS,
                () -> events.outSoFar().contains("container destroy"));
    }

    @Test
    @Order(4)
    void saysWhatItDoesNotServe() {
        Output search = user.docker("master --swarm", "search debian");

        assertThat(search.status()).isNotZero();
        assertThat(search.err())
                .contains("Error response from daemon", "does not serve /images/search yet");
    }

    @Test
    @Order(5)
    void servesComposeOnTls12() {
        user.file("compose/docker-compose.yml", "web:\n  image: nginx\n");

        Output ps =
                user.shell(
                        "cd "
                                + user.store()
                                + "/compose; eval $(machine env --swarm --shell sh master); docker-compose ps");

        assertThat(ps.ok()).contains("Name");
        assertThat(
                        user.shell(
                                        "openssl version >/dev/null; cd "
                                                + user.store()
                                                + "/certs; openssl s_client -tls1_2 -connect"
                                                + " 127.0.0.1:3376 -CAfile ca.pem -cert cert.pem -key key.pem </dev/null 2>&1 | grep -c 'Verify return code: 0'")
                                .ok())
                .isEqualTo("1");
    }

    @Test
    @Order(6)
    void refusesWhoHasNoCertificate() {
        String certs = user.store() + "/certs";
        assertThat(user.shell("curl -sS -m 5 http://127.0.0.1:3376/_ping").status()).isNotZero();
        assertThat(
                        user.shell(
                                        "curl -sS -m 5 --cacert "
                                                + certs
                                                + "/ca.pem https://127.0.0.1:3376/_ping")
                                .status())
                .isNotZero();
        assertThat(
                        user.shell(
                                        "curl -sS -m 5 --cacert "
                                                + certs
                                                + "/ca.pem --cert "
                                                + certs
                                                + "/cert.pem --key "
                                                + certs
                                                + "/key.pem https://127.0.0.1:3376/_ping")
                                .ok())
                .isEqualTo("OK");
    }

    @Test
    @Order(7)
    void showsADeadEngineWithinFiveSecondsAndItsReturn() {
        killEngineOf(BOARD);

        Lab.until(
                "info says that the engine is gone",
                FIVE_SECONDS,
                () -> !statusOf(BOARD).equals("Healthy"));
        assertThat(statusOf(CLOUD)).isEqualTo("Healthy");
        assertThat(swarm("ps -a")).contains("NAMES");
        bringEngineBackOf(BOARD);
        assertThat(events.alive()).isTrue();
    }

    @Test
    @Order(8)
    void answersTheSameAfterItWasKilled() throws Exception {
        Lab.until(
                "both are healthy",
                Duration.ofSeconds(60),
                () -> info().split("Status: Healthy", -1).length == 3);
        String before = steady();

        Running.signal(
                "KILL",
                Long.parseLong(
                        Files.readString(user.store().resolve("machines/master/endpoint.lock"))
                                .strip()));
        Lab.until(
                "ls says Stopped",
                FIVE_SECONDS,
                () -> user.run("ls").ok().matches("(?s).*master .*Stopped.*"));
        Output config = user.run("config", "--swarm", "master");
        assertThat(config.ok()).contains("-H=tcp://127.0.0.1:3376");
        assertThat(config.err()).contains("master is stopped: machine start master");
        user.run("start", "master").ok();

        Lab.until(
                "both are healthy",
                Duration.ofSeconds(10),
                () -> info().split("Status: Healthy", -1).length == 3);
        assertThat(steady()).isEqualTo(before);
    }

    @Test
    @Order(9)
    void aContainerFollowsItsVolumeAndNeverGetsAnEmptyOne() {
        user.docker(
                        BOARD,
                        "run -d --name keep -v mydata:/data debian sh -c 'echo kept >/data/f; exec sleep 1d'")
                .ok();
        String pid = pidOfKeep();
        // So full that spread would take the other.
        user.docker(BOARD, "run -d --name fill debian sleep 1d").ok();

        for (String words :
                List.of(
                        "-v mydata:/data",
                        "-v " + BOARD + "/mydata:/data",
                        "--mount type=volume,src=mydata,dst=/data",
                        "--volumes-from keep@" + BOARD)) {
            assertThat(swarm("run --rm " + words + " debian cat /data/f"))
                    .as(words)
                    .isEqualTo("kept");
        }
        killEngineOf(BOARD);
        Lab.until("it is lost", FIVE_SECONDS, () -> !statusOf(BOARD).equals("Healthy"));
        Output away = user.docker("master --swarm", "run --rm -v mydata:/data debian cat /data/f");
        assertThat(away.status()).isEqualTo(125);
        assertThat(away.err()).contains("volume mydata is on " + BOARD + ", and " + BOARD);
        assertThat(user.docker(CLOUD, "volume ls -q").ok()).doesNotContain("mydata");
        bringEngineBackOf(BOARD);
        assertThat(swarm("run --rm -v mydata:/data debian cat /data/f")).isEqualTo("kept");
        assertThat(pidOfKeep()).isEqualTo(pid);
    }

    @Test
    @Order(10)
    void composeV2MakesNothingAnewAndLosesNoUnnamedVolume() {
        // Two images of one name stand for the variants of two architectures.
        user.docker(BOARD, "tag debian app:1").ok();
        user.docker(CLOUD, "pull -q nginx").ok();
        user.docker(CLOUD, "tag nginx app:1").ok();
        String pid = pidOfKeep();
        String service =
                "{image: 'app:1', network_mode: bridge, pull_policy: never, command: sleep 1d";
        user.file(
                "v2/up.yml",
                "services:\n  web: "
                        + service
                        + ", environment: ['constraint:node=="
                        + CLOUD
                        + "']}\n");
        user.file("v2/old.yml", "services:\n  db: " + service + ", volumes: [/data]}\n");
        user.file(
                "v2/new.yml",
                "services:\n  db: " + service + ", volumes: [/data], environment: [A=1]}\n");

        compose("up", "up -d");
        String web = swarm("ps -q --no-trunc --filter name=web");
        assertThat(web).hasSize(64);
        compose("up", "up -d");
        killEngineOf(BOARD);
        Lab.until("it is lost", FIVE_SECONDS, () -> !statusOf(BOARD).equals("Healthy"));
        compose("up", "up -d");
        assertThat(swarm("ps -q --no-trunc --filter name=web")).isEqualTo(web);
        bringEngineBackOf(BOARD);
        compose("up", "up -d");
        assertThat(swarm("ps -q --no-trunc --filter name=web")).isEqualTo(web);

        compose("old", "up -d");
        swarm("exec v2-db-1 sh -c 'echo kept >/data/f'");
        String node = swarm("inspect -f '{{.Node.Name}}' v2-db-1");
        String before = swarm("ps -q --filter name=v2-db-1");
        for (int i = 0; i < 3; i++) {
            user.docker(node, "run -d debian sleep 1d").ok();
        }
        compose("new", "up -d");
        assertThat(swarm("ps -q --filter name=v2-db-1")).isNotEqualTo(before);
        assertThat(swarm("exec v2-db-1 cat /data/f")).isEqualTo("kept");
        assertThat(pidOfKeep()).isEqualTo(pid);
    }

    private static void compose(String file, String words) {
        user.shell(
                        "cd %s/v2; eval $(machine env --swarm --shell sh master); %s -f %s.yml %s"
                                .formatted(user.store(), Lab.compose("trixie"), file, words))
                .ok();
    }

    private static String pidOfKeep() {
        return Lab.node(BOARD, "docker inspect -f '{{.State.Pid}}' keep").ok();
    }

    private static void killEngineOf(String node) {
        // A runtime mask keeps systemd from bringing it back at once.
        Lab.node(
                        node,
                        "systemctl -q mask --runtime docker.service docker.socket; systemctl stop docker.socket; kill -9 $(cat /run/docker.pid)")
                .ok();
    }

    private static void bringEngineBackOf(String node) {
        Lab.node(
                        node,
                        "systemctl -q unmask --runtime docker.service docker.socket; systemctl start docker.socket docker.service")
                .ok();
        Lab.until(
                "it is healthy again",
                Duration.ofSeconds(60),
                () -> statusOf(node).equals("Healthy"));
    }

    @Test
    @Order(11)
    void letsANodeGo() {
        user.run("rm", "-y", CLOUD).ok();

        Lab.until("info shows one node", FIVE_SECONDS, () -> info().contains("Nodes: 1"));
        assertThat(info()).doesNotContain(CLOUD);
    }

    @Test
    @Order(12)
    void stopsStartsAndTellsItsLog() throws IOException {
        assertThat(user.run("status", "master").ok()).isEqualTo("Running");
        user.run("stop", "master").ok();
        assertThat(user.run("status", "master").ok()).isEqualTo("Stopped");
        user.run("restart", "master").ok();
        assertThat(user.run("status", "master").ok()).isEqualTo("Running");
        assertThat(user.run("logs", "master").ok()).contains(BOARD);
        assertThat(user.run("start", "master").status()).isZero();
    }

    private static String info() {
        return user.docker("master --swarm", "info").out();
    }

    private static String swarm(String words) {
        return user.docker("master --swarm", words).ok();
    }

    private static String statusOf(String node) {
        String info = info();
        String after = info.substring(info.indexOf(" " + node + ": "));
        return after.lines()
                .filter(line -> line.contains("└ Status: "))
                .findFirst()
                .map(line -> line.substring(line.indexOf("Status: ") + 8).strip())
                .orElse("");
    }

    /** What info says without the times of its last look. */
    private static String steady() {
        return info().lines()
                .filter(line -> !line.contains("UpdatedAt"))
                .reduce("", (a, b) -> a + b + "\n");
    }
}
