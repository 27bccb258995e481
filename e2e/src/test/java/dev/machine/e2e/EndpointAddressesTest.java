package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code machine swarm manage} as classic swarm's users call it: in the foreground, over addresses
 * of real engines, with a certificate from elsewhere that has both uses.
 */
@Tag("lab")
class EndpointAddressesTest {
    private static final String FIRST = "rack-8-node-1";
    private static final String SECOND = "rack-8-node-2";
    private static final String PORT = "127.0.0.1:3386";
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Pattern ID = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(FIRST, "192.168.8.1", "--engine")
                    .and(SECOND, "192.168.8.2", "--engine", "--os", "trixie");

    private static Machine user;

    private Running endpoint;

    @BeforeAll
    static void twoEnginesThatAreInNoSwarm() {
        user = new Machine();
        user.configure("aiyara:\n  ssh-user: root\n  ssh-key: " + Lab.value("LAB_KEY") + "\n");
        user.run("create", "-d", "aiyara", "--no-swarm", "rack-8-node-[1:2]").ok();
        user.shell(
                        "cd %s && openssl req -x509 -CA ca.pem -CAkey ca-key.pem -days 1 -nodes"
                                        .formatted(certs())
                                + " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=endpoint"
                                + " -addext basicConstraints=CA:FALSE"
                                + " -addext subjectAltName=IP:127.0.0.1"
                                + " -addext extendedKeyUsage=serverAuth,clientAuth"
                                + " -keyout both-key.pem -out both.pem")
                .ok();
    }

    @AfterEach
    void noEndpointIsLeft() {
        if (endpoint != null) {
            endpoint.close();
        }
    }

    @AfterAll
    static void away() {
        user.close();
    }

    @Test
    void callsTheEnginesOfAListWhatTheyCallThemselves() {
        String list = "nodes://192.168.8.[1:2]:2376";
        manage(list);
        awaitHealthy(2);

        assertThat(docker("info").lines().map(String::strip))
                .contains(FIRST + ": 192.168.8.1:2376", SECOND + ": 192.168.8.2:2376");
        docker("run -d --name first -e constraint:node==" + SECOND + " debian sleep 600");
        assertThat(user.docker(SECOND, "ps --format '{{.Names}}'").ok()).isEqualTo("first");
        assertThat(docker("ps --format '{{.Names}}'")).isEqualTo(SECOND + "/first");
        docker("rm -f first");
        assertThat(user.run("swarm", "list", list).ok().lines())
                .containsExactly("192.168.8.1:2376", "192.168.8.2:2376");
    }

    @Test
    void takesAnEngineInWhenItsAddressComesIntoTheFile() {
        user.file("addresses", "192.168.8.1:2376\n");
        manage("file://" + user.store().resolve("addresses"));
        awaitHealthy(1);
        assertThat(docker("info")).contains(FIRST).doesNotContain(SECOND);

        user.file("addresses", "192.168.8.1:2376\n192.168.8.2:2376\n");

        awaitHealthy(2);
        assertThat(docker("info")).contains(FIRST, SECOND);
    }

    @Test
    void startsAnExecThatWasMadeBeforeItWasKilled() {
        String both = "192.168.8.1:2376,192.168.8.2:2376";
        manage(both);
        awaitHealthy(2);
        docker("run -d --name sleeper -e constraint:node==" + SECOND + " debian sleep 600");
        String exec =
                id(
                        post(
                                "/containers/sleeper/exec",
                                "{\"AttachStdout\":true,\"Cmd\":[\"echo\",\"still here\"]}"));

        endpoint.signal("KILL");
        assertThat(endpoint.await(SOON).status()).isEqualTo(137);
        manage(both);
        awaitHealthy(2);

        assertThat(curl("/exec/" + exec + "/json"))
                .contains("\"ID\":\"" + exec, docker("inspect -f '{{.Id}}' sleeper"));
        assertThat(post("/exec/" + exec + "/start", "{\"Detach\":false}")).contains("still here");
        assertThat(curl("/exec/" + exec + "/json")).contains("\"ExitCode\":0");
        assertThat(curl("/exec/" + "0".repeat(64) + "/json")).contains("No such exec instance");
        docker("rm -f sleeper");
    }

    private void manage(String discovery) {
        endpoint =
                user.start(
                        "swarm",
                        "manage",
                        "-H",
                        "tcp://" + PORT,
                        "--tlsverify",
                        "--tlscacert=" + certs().resolve("ca.pem"),
                        "--tlscert=" + certs().resolve("both.pem"),
                        "--tlskey=" + certs().resolve("both-key.pem"),
                        "--heartbeat=1s",
                        discovery);
        Lab.until(
                "the endpoint listens",
                SOON,
                () -> endpoint.errSoFar().contains("listening on tcp://" + PORT));
    }

    private static void awaitHealthy(int nodes) {
        Lab.until(
                nodes + " nodes are healthy",
                SOON,
                () -> docker("info").split("Status: Healthy", -1).length - 1 == nodes);
    }

    private static Path certs() {
        return user.store().resolve("certs");
    }

    private static String docker(String words) {
        String as =
                "docker --tlsverify --tlscacert=%1$s/ca.pem --tlscert=%1$s/cert.pem --tlskey=%1$s/key.pem -H=tcp://%2$s "
                        .formatted(certs(), PORT);
        return user.shell(as + words).ok();
    }

    private static String post(String path, String json) {
        return curl("%s -H 'Content-Type: application/json' -d '%s'".formatted(path, json));
    }

    private static String curl(String words) {
        String as =
                "curl -sS -m 10 --output - --cacert %1$s/ca.pem --cert %1$s/cert.pem --key %1$s/key.pem https://%2$s"
                        .formatted(certs(), PORT);
        return user.shell(as + words).ok();
    }

    private static String id(String json) {
        Matcher id = ID.matcher(json);
        assertThat(id.find()).as(json).isTrue();
        return id.group(1);
    }
}
