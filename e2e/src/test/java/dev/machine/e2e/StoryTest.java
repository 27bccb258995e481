package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The story that this program is for, step by step: an ARM board and a droplet become one engine,
 * and each runs the image for its own architecture. {@link RackTest} has its first two steps.
 */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoryTest {
    private static final String BOARD = "rack-1-node-4";
    private static final String CLOUD = "ocean-1";
    private static final String THIRD = "rack-1-node-5";
    private static final String REDIS = "6390";
    private static final String ARM_DEBIAN = "aiyara/debian:latest.arm";

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(BOARD, "192.168.1.4", "--arch", "armhf", "--engine")
                    .and(THIRD, "192.168.1.5", "--engine");

    private static final String TOKEN = Secrets.fresh();

    private static Running cloud;
    private static Swarm swarm;

    @BeforeAll
    static void aBoardADropletAndAMaster() throws Exception {
        cloud = LabCloud.start(TOKEN);
        swarm = new Swarm("digitalocean: {api-url: \"%s\", tags: engine}".formatted(LabCloud.URL));
        swarm.create(List.of(Swarm.board(BOARD), seedsDroplet()));
        swarm.master(2);
    }

    /** Word for word the seed's. */
    private static List<String> seedsDroplet() {
        return List.of(
                "-d",
                "digitalocean",
                "--digitalocean-access-token=" + TOKEN,
                "--digitalocean-region=sgp1",
                CLOUD);
    }

    @AfterAll
    static void away() {
        swarm.user().with("DIGITALOCEAN_ACCESS_TOKEN", TOKEN).run("rm", "-y", CLOUD);
        swarm.close();
        cloud.close();
    }

    @Test
    @Order(4)
    void boughtOneDropletAndToldNobodyTheToken() {
        assertThat(cloud.outSoFar().lines())
                .filteredOn(line -> line.startsWith("POST /v2/droplets "))
                .containsExactly("POST /v2/droplets 202");
        assertThat(swarm.user().run("inspect", CLOUD).ok())
                .contains("\"sgp1\"")
                .doesNotContain(TOKEN);
    }

    @Test
    @Order(5)
    void listsTheMasterAmongTheMachines() {
        String table =
                swarm.user()
                        .shell("eval $(machine env --shell sh --swarm master); machine ls")
                        .ok();

        assertThat(table.lines().map(line -> line.strip().replaceAll("\\s+", " ")))
                .anyMatch(line -> line.matches("NAME ACTIVE DRIVER STATE URL SWARM.*"))
                .anyMatch(line -> line.startsWith("master * none Running tcp://127.0.0.1:3376"))
                .anyMatch(
                        line ->
                                line.startsWith(
                                        CLOUD + " digitalocean Running tcp://10.99.0.61:2376"))
                .anyMatch(
                        line -> line.startsWith(BOARD + " aiyara Running tcp://192.168.1.4:2376"));
    }

    @Test
    @Order(6)
    @Tag("quick")
    void runsTheOwnVariantOfAnImageForManyArchitecturesWithNoRules() {
        assertThat(swarm.user().store().resolve("images.yaml")).doesNotExist();

        assertThat(run("--rm -e constraint:node==" + BOARD + " multi uname -m"))
                .isEqualTo("armv7l");
        assertThat(run("--rm -e constraint:node==" + CLOUD + " multi uname -m"))
                .isEqualTo("x86_64");
        assertThat(run("--rm --platform linux/arm/v7 multi uname -m")).isEqualTo("armv7l");
        assertThat(run("--rm --platform linux/amd64 multi uname -m")).isEqualTo("x86_64");
    }

    @Test
    @Order(7)
    void placesNoImageOnABoardThatCannotRunIt() {
        for (int i = 0; i < 3; i++) {
            assertThat(run("--rm nginx uname -m")).isEqualTo("x86_64");
        }

        Output refused = swarm.docker("run --rm -e constraint:node==" + BOARD + " nginx uname -m");
        assertThat(refused.status()).isEqualTo(125);
        assertThat(refused.err()).contains("nginx", BOARD, "linux/arm/v7", "have linux/amd64");
        Output foreign = swarm.docker("run --rm --platform linux/s390x multi uname -m");
        assertThat(foreign.status()).isEqualTo(125);
        assertThat(foreign.err()).contains("linux/s390x", "multi", BOARD, CLOUD);
    }

    @Test
    @Order(8)
    void waitsThreeSecondsOnceForARegistryThatHangs() {
        Lab.hole("192.168.200.1");
        String create =
                "create -e constraint:node==nobody 192.168.200.1:5000/some/image uname -m 2>&1";
        Output first = swarm.docker(create).exits(1);
        List<Long> later = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            later.add(swarm.docker(create).exits(1).took().toMillis());
        }

        assertThat(first.out()).contains("Unable to find a node that satisfies");
        assertThat(first.took().toMillis()).isBetween(2_500L, 9_000L);
        assertThat(later).allMatch(millis -> millis < first.took().toMillis() - 1_500);
    }

    @Test
    @Order(9)
    void addsTheRulesOfAiyara() {
        swarm.user().run("image", "rules", "add", "aiyara").ok();

        assertThat(swarm.user().run("image", "resolve", "debian", "--node", BOARD).ok())
                .contains(ARM_DEBIAN)
                .containsIgnoringCase("rule");
    }

    @Test
    @Order(10)
    void printsTheSeedsLines() {
        List<String> info =
                swarm.info().lines().map(line -> line.strip().replaceAll("\\s+", " ")).toList();

        assertThat(info).contains("Strategy: spread", "Nodes: 2");
        assertThat(info.stream().filter(line -> line.startsWith("Filters: ")).findFirst())
                .hasValueSatisfying(
                        line ->
                                assertThat(line.substring(9).split(", "))
                                        .contains(
                                                "affinity",
                                                "health",
                                                "constraint",
                                                "port",
                                                "dependency"));
        assertThat(info)
                .contains(BOARD + ": 192.168.1.4:2376", CLOUD + ": 10.99.0.61:2376")
                .anyMatch(line -> line.matches("└ Reserved CPUs: 0 / \\d+"))
                .anyMatch(line -> line.matches("└ Reserved Memory: 0 B / .* [MG]iB"))
                .anyMatch(
                        line ->
                                line.matches(
                                        "└ Labels: architecture=arm, .*provider=aiyara, storagedriver=.*"))
                .anyMatch(
                        line ->
                                line.matches(
                                        "└ Labels: architecture=amd64, .*provider=digitalocean, storagedriver=.*"));
    }

    @Test
    @Order(11)
    void pullsOnEveryNodeTheImageForIt() {
        List<String> lines = swarm.docker("pull debian").ok().lines().toList();

        for (String node : List.of(BOARD, CLOUD)) {
            assertThat(lines)
                    .contains(
                            node + ": Pulling debian:latest...",
                            node + ": Pulling debian:latest... : downloaded");
        }
        assertThat(images(BOARD)).contains(ARM_DEBIAN).doesNotContain("debian:latest");
        assertThat(images(CLOUD)).contains("debian:latest").doesNotContain(ARM_DEBIAN);
    }

    @Test
    @Order(12)
    void runsTheSameCommandOnTwoArchitectures() {
        List<String> said = List.of(run("debian uname -a"), run("debian uname -a"));

        Pattern line = Pattern.compile("Linux (\\w{12}) .* (armv7l|x86_64) .*");
        List<String> expected = new ArrayList<>();
        for (String one : said) {
            Matcher uname = line.matcher(one);
            assertThat(uname.matches()).as(one).isTrue();
            boolean arm = uname.group(2).equals("armv7l");
            expected.add(
                    "%s %s %s"
                            .formatted(
                                    uname.group(1),
                                    arm ? ARM_DEBIAN : "debian",
                                    arm ? BOARD : CLOUD));
        }
        assertThat(expected).anyMatch(one -> one.endsWith(BOARD));
        assertThat(expected).anyMatch(one -> one.endsWith(CLOUD));
        assertThat(swarm.docker("ps -a --format '{{.ID}} {{.Image}} {{.Names}}'").ok().lines())
                .as("what ps -a shows of %s", expected)
                .map(container -> container.replaceAll("/[^/ ]+$", ""))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    @Order(13)
    void scalesAComposeFileToOneContainerANodeAndNoFurther() {
        swarm.user()
                .file(
                        "aiyara_cloud/docker-compose.yml",
                        "web:\n  image: nginx\n  ports:\n    - \"80:80\"\n");
        String before = containers();

        compose("up -d").ok();
        assertThat(compose("ps -q").ok().lines()).hasSize(1);
        compose("scale web=2").ok();
        assertThat(
                        swarm.user()
                                .shell(
                                        "for u in $(docker $(machine config master --swarm) ps --format '{{.Ports}}' | cut -d- -f1); do curl -s http://$u/; done")
                                .ok()
                                .lines())
                .containsExactlyInAnyOrder(
                        "hello from nginx linux/amd64", "hello from aiyara/nginx linux/arm/v7");
        Output third = compose("scale web=3");
        assertThat(third.status()).isNotZero();
        assertThat(third.err())
                .contains(
                        "Unable to find a node that satisfies the following conditions",
                        "[port 80 (Bridge mode)]");
        compose("scale web=2").ok();
        compose("down").ok();
        assertThat(containers()).isEqualTo(before);
    }

    private static String containers() {
        return swarm.docker("ps -aq --no-trunc").ok();
    }

    private static Output compose(String words) {
        return swarm.user()
                .shell(
                        "cd $MACHINE_STORAGE_PATH/aiyara_cloud; eval $(machine env --swarm --shell sh master); docker-compose "
                                + words);
    }

    @Test
    @Order(16)
    void greetsByArchitectureFromTheUsersTable() {
        swarm.user()
                .run("image", "set", "hello", "amd64=hello-world", "arm=hypriot/armhf-hello-world")
                .ok();

        bothGreet();
    }

    private static void bothGreet() {
        assertThat(run("--rm -e constraint:architecture==arm hello"))
                .isEqualTo("Hello from armhf-hello-world");
        assertThat(run("--rm -e constraint:provider==digitalocean hello"))
                .isEqualTo("Hello from hello-world");
    }

    @Test
    @Order(17)
    void putsWhatBelongsTogetherOnOneNode() {
        for (String node : List.of(BOARD, CLOUD)) {
            run("-d --name foo -v /data -e constraint:node==%s debian sleep 600".formatted(node));
            run("--name bar -v /content:/usr/share/nginx/html:ro --link foo:mysql -d nginx");
            run("--name baz --volumes-from foo debian sh -c 'echo x >/data/seen'");

            assertThat(nodeOf("bar")).isEqualTo(node);
            assertThat(nodeOf("baz")).isEqualTo(node);
            assertThat(swarm.docker("exec bar grep -w mysql /etc/hosts").ok()).contains("foo");
            assertThat(swarm.docker("exec foo cat /data/seen").ok()).isEqualTo("x");
            swarm.docker("rm -f bar baz foo").ok();
        }
    }

    @Test
    @Order(18)
    void takesANodeInAndLetsItGoWhileEventsAndPullsGoOn() throws Exception {
        try (Running events = swarm.start("events --filter event=die");
                Running pulls =
                        swarm.user()
                                .startInHub(
                                        List.of(
                                                "bash",
                                                "-c",
                                                "while [ ! -e %1$s/enough ]; do docker $(%2$s/machine config --swarm master) pull -q multi >&2 || exit 9; done"
                                                        .formatted(
                                                                swarm.user().home(), Lab.ROOT)))) {
            swarm.create(List.of(Swarm.board(THIRD)));
            Lab.until("info shows three", Swarm.SOON, () -> swarm.info().contains("Nodes: 3"));
            Lab.until("it is healthy", Swarm.SOON, () -> swarm.healthy() == 3);
            assertThat(run("--name new -d debian sleep 600")).isNotEmpty();
            assertThat(nodeOf("new")).isEqualTo(THIRD);
            swarm.docker("rm -f new").ok();
            Lab.until("events tell it", Swarm.SOON, () -> events.outSoFar().contains("name=new"));

            swarm.user().run("rm", "-y", THIRD).ok();
            Lab.until("info shows two", Swarm.SOON, () -> swarm.info().contains("Nodes: 2"));
            assertThat(events.alive()).isTrue();
            Files.createFile(swarm.user().home().resolve("enough"));
            pulls.await(Machine.DEADLINE).exits(0);
        }
    }

    /** As the tools of seed 000 fill it, by the names that uname has for a CPU. */
    @Test
    @Order(19)
    void greetsByArchitectureFromTheTableInRedis(@TempDir Path folder) throws Exception {
        swarm.user().run("image", "rm", "hello").ok();
        swarm.user().run("stop", "master").ok();
        Path server =
                Files.createSymbolicLink(
                        folder.resolve("redis-server"), Path.of("/usr/bin/redis-check-rdb"));
        try (Running redis =
                        swarm.user()
                                .startInHub(
                                        List.of(
                                                server.toString(),
                                                "--port",
                                                REDIS,
                                                "--bind",
                                                "127.0.0.1",
                                                "--save",
                                                "",
                                                "--dir",
                                                folder.toString()));
                Running endpoint =
                        swarm.user()
                                .start(
                                        "swarm",
                                        "manage",
                                        "--master",
                                        "master",
                                        "--image-table",
                                        "redis://127.0.0.1:" + REDIS + "/0")) {
            Lab.until("Redis has the table", Swarm.SOON, () -> fillRedis().status() == 0);
            swarm.awaitHealthy(2);
            bothGreet();

            redis.signal("KILL");
            redis.await(Machine.DEADLINE);
            bothGreet();
            bothGreet();
            assertThat(endpoint.alive()).isTrue();
        }
        swarm.user().run("start", "master").ok();
    }

    private static Output fillRedis() {
        return swarm.user()
                .shell(
                        "redis-cli -e -p "
                                + REDIS
                                + " HSET multifarious:hello x86_64 hello-world armv7l hypriot/armhf-hello-world");
    }

    private static String run(String words) {
        return swarm.docker("run " + words).ok();
    }

    private static String nodeOf(String container) {
        return swarm.docker("inspect -f '{{.Node.Name}}' " + container).ok();
    }

    private static List<String> images(String node) {
        return Lab.node(node, "docker images --format '{{.Repository}}:{{.Tag}}'")
                .ok()
                .lines()
                .toList();
    }
}
