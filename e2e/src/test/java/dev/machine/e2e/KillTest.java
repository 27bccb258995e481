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

/** What clients see when an engine, or the endpoint, is killed in the middle of their work. */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KillTest {
    private static final String DOOMED = "kill-1";
    private static final String OTHER = "kill-2";
    private static final String TALK =
            "debian sh -c 'i=0; while :; do echo line $i; i=$((i+1)); sleep 0.2; done'";
    private static final String HOLE = "10.99.200.1";

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(DOOMED, "10.99.0.31", "--engine").and(OTHER, "10.99.0.32", "--engine");

    private static Swarm swarm;

    @BeforeAll
    static void twoTalkers() throws Exception {
        swarm = new Swarm();
        swarm.create(
                List.of(Swarm.server(DOOMED, "10.99.0.31"), Swarm.server(OTHER, "10.99.0.32")));
        swarm.master(2);
        for (String node : List.of(DOOMED, OTHER)) {
            swarm.docker(
                            "run -d --name on-%1$s -e constraint:node==%1$s %2$s"
                                    .formatted(node, TALK))
                    .ok();
        }
        Lab.hole(HOLE);
    }

    @AfterAll
    static void away() {
        swarm.close();
    }

    @Test
    @Order(1)
    void tellsTheClientsOfAKilledEngineAndKeepsTheOthers() {
        try (Running logs = swarm.start("logs -f --tail 1 on-" + DOOMED);
                Running attached = swarm.start("attach --no-stdin on-" + DOOMED);
                Running pull = swarm.start("pull %s:5000/some/image".formatted(HOLE));
                Running unharmed = swarm.start("logs -f --tail 1 on-" + OTHER)) {
            for (Running one : List.of(logs, attached, unharmed)) {
                Lab.until(
                        "lines come",
                        Duration.ofSeconds(10),
                        () -> one.outSoFar().contains("line"));
            }
            // Its registry is silent: the answer begins without it after ten seconds.
            Lab.until(
                    "the pull is under way",
                    Duration.ofSeconds(20),
                    () -> pull.outSoFar().contains(DOOMED + ": Pulling"));

            // A runtime mask keeps systemd from bringing it back at once.
            Lab.node(
                            DOOMED,
                            "systemctl -q mask --runtime docker.service docker.socket; systemctl stop docker.socket; kill -9 $(cat /run/docker.pid)")
                    .ok();

            assertThat(logs.await(Swarm.SOON).status()).isNotZero();
            assertThat(attached.await(Swarm.SOON).status()).isNotZero();
            Lab.until(
                    "the pull names the node",
                    Swarm.SOON,
                    () ->
                            pull.outSoFar().lines().filter(line -> line.contains(DOOMED)).count()
                                    > 1);
            int before = unharmed.outSoFar().length();
            Lab.until(
                    "the other talks on",
                    Swarm.SOON,
                    () -> unharmed.outSoFar().length() > before + 20);
            assertThat(swarm.docker("run --rm debian echo placed").ok()).isEqualTo("placed");
            Output gone = swarm.docker("exec on-" + DOOMED + " true");
            assertThat(gone.status()).isNotZero();
            assertThat(gone.err()).contains(DOOMED);
        }
    }

    @Test
    @Order(2)
    void servesAKilledEngineAgainAsSoonAsItIsBack() {
        Lab.node(
                        DOOMED,
                        "systemctl -q unmask --runtime docker.service docker.socket; systemctl start docker.socket docker.service")
                .ok();

        swarm.awaitHealthy(2);
        assertThat(swarm.docker("exec on-" + DOOMED + " echo still there").ok())
                .isEqualTo("still there");
        assertThat(swarm.docker("run --rm -e constraint:node==" + DOOMED + " debian hostname").ok())
                .isNotEmpty();
    }

    @Test
    @Order(3)
    void knowsEverythingAfterItWasKilledItself() throws IOException {
        swarm.docker("create --name waits -p 8099:80 --memory 64m nginx").ok();
        String before = picture();
        Running.signal(
                "KILL",
                Long.parseLong(
                        Files.readString(
                                        swarm.user()
                                                .store()
                                                .resolve("machines/master/endpoint.lock"))
                                .strip()));
        Lab.until(
                "it is seen to be stopped",
                Swarm.SOON,
                () -> swarm.user().run("status", "master").out().contains("Stopped"));
        swarm.user().run("start", "master").ok();
        swarm.awaitHealthy(2);

        assertThat(picture()).isEqualTo(before);
        assertThat(swarm.docker("create --name waits debian true").err())
                .contains("already in use");
        Output second = swarm.docker("run -d -p 8099:80 nginx");
        assertThat(second.status()).isZero();
        assertThat(swarm.docker("run -d -p 8099:80 nginx").err())
                .contains("port 8099", DOOMED, OTHER);
    }

    /** All that the endpoint knows, without what time changes. */
    private static String picture() {
        String info =
                swarm.info()
                        .lines()
                        .filter(line -> !line.contains("UpdatedAt"))
                        .reduce("", (a, b) -> a + b + "\n");
        return info
                + swarm.docker(
                                "ps -a --no-trunc --format '{{.ID}} {{.Image}} {{.Names}} {{.Ports}}'")
                        .ok()
                + swarm.docker("images --no-trunc").ok();
    }
}
