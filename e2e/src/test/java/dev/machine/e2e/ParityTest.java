package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The list of docker commands in {@code resources/parity/cases}, against an engine and through the
 * endpoint: Debian 12's engine and Debian 13's stand behind one endpoint, and each docker CLI that
 * Debian has runs the whole list on one of them.
 */
@Tag("lab")
class ParityTest {
    private static final Path LIST = Lab.ROOT.resolve("e2e/src/test/resources/parity");
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of("engine-20", "10.99.0.20", "--engine")
                    .and("engine-26", "10.99.0.26", "--engine", "--os", "trixie");

    private static Swarm swarm;

    @BeforeAll
    static void anEndpointOverTwoKindsOfEngine() throws Exception {
        swarm = new Swarm();
        swarm.create(
                List.of(
                        Swarm.server("engine-20", "10.99.0.20"),
                        Swarm.server("engine-26", "10.99.0.26")));
        swarm.master(2);
    }

    @AfterAll
    static void away() {
        swarm.close();
    }

    @ParameterizedTest(name = "docker {1} on {2}")
    @CsvSource({"bookworm, 20.10, engine-20", "trixie, 26.1, engine-26", "forky, 28.5, engine-20"})
    @Execution(ExecutionMode.CONCURRENT)
    void endpointAnswersAsOneEngine(
            String debian, String version, String node, @TempDir Path folder) throws Exception {
        Path docker = Path.of(Lab.docker(debian));
        // Not the pool that all share: with two cores it has one thread, and the lists would queue.
        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
            Future<?> direct =
                    beside.submit(
                            () -> run(docker, node, "straight-" + debian, node, folder, "direct"));
            run(docker, "--swarm master", "through-" + debian, node, folder, "endpoint");
            direct.get();
        }

        List<Path> cases = files(folder.resolve("direct"), ".name");
        assertThat(files(folder.resolve("endpoint"), ".name")).hasSameSizeAs(cases);
        List<String> differences = new ArrayList<>();
        for (Path one : cases) {
            compare(one, folder.resolve("endpoint"), differences);
        }
        System.out.printf(
                "parity: docker %s on %s: %d cases, %d differ%n",
                version, node, cases.size(), differences.size());
        assertThat(cases).hasSizeGreaterThan(100);
        assertThat(differences).as(() -> String.join("\n", differences)).isEmpty();
    }

    private static void run(
            Path docker, String config, String tag, String node, Path folder, String out) {
        String on = out.equals("direct") ? "" : "-e constraint:node==" + node;
        String script =
                "eval $(%1$s/machine env --shell sh %2$s); DOCKER_CONFIG=%3$s/config-%7$s PATH=%4$s:$PATH %5$s/run %5$s/cases %3$s/%6$s %7$s %8$s %9$s"
                        .formatted(
                                Lab.ROOT,
                                config,
                                folder,
                                docker.getParent(),
                                LIST,
                                out,
                                tag,
                                node,
                                on);
        try (Running running = swarm.user().startInHub(List.of("bash", "-c", script))) {
            running.await(DEADLINE).ok();
        }
    }

    private static void compare(Path name, Path through, List<String> differences)
            throws IOException {
        for (String part : List.of("out", "err", "code")) {
            String file = name.getFileName().toString().replace(".name", "." + part);
            String expected = Files.readString(name.resolveSibling(file));
            String actual = Files.readString(through.resolve(file));
            if (!expected.equals(actual)) {
                differences.add(
                        "== %s (%s)%n%s-- through the endpoint:%n%s"
                                .formatted(Files.readString(name).strip(), part, expected, actual));
            }
        }
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }
}
