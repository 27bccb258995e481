package dev.machine.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Records what the Compose clients of Debian ask an engine, and what it answers, into {@code
 * swarm/src/test/resources/compose/VERSION-CASE.jsonl}, where ComposeReplayTest finds it.
 * Arguments: words that the names of the recordings begin with; without one all are made. Each
 * client talks to the engine of its own Debian (2.40 to that of Debian 13), in a node of the lab.
 */
final class RecordCompose {
    private static final Path CASES = Lab.ROOT.resolve("e2e/src/test/resources/compose");
    private static final Path RECORDINGS = Lab.ROOT.resolve("swarm/src/test/resources/compose");
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private final Path folder;
    private final Path socket;

    /** A node whose engine is asked, and the newest API version that it knows. */
    private record Node(String debian, String address, String api) {
        String name() {
            return "recorded-" + debian;
        }

        /** The engine's socket, seen from outside of the node. */
        Path engine() throws IOException {
            Path pid = Path.of(Lab.value("LAB_STATE"), "nodes", name(), "pid");
            return Path.of("/proc", Files.readString(pid).strip(), "root/run/docker.sock");
        }
    }

    private static final Node BOOKWORM = new Node("bookworm", "10.99.0.41", "1.41");
    private static final Node TRIXIE = new Node("trixie", "10.99.0.42", "1.45");

    private record Client(String version, String command, String cases, Node node) {}

    private RecordCompose(Path folder) {
        this.folder = folder;
        this.socket = folder.resolve("docker.sock");
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("machine-compose-");
        try {
            new RecordCompose(folder).all(List.of(arguments));
        } finally {
            delete(folder);
        }
    }

    private void all(List<String> wanted) throws IOException {
        Files.createDirectories(RECORDINGS);
        for (Client client :
                List.of(
                        new Client("1.29", "docker-compose", "cases-1", BOOKWORM),
                        new Client("2.26", Lab.compose("trixie"), "cases-2", TRIXIE),
                        new Client("2.40", Lab.compose("forky"), "cases-2", TRIXIE))) {
            Map<String, String> cases = cases(client.cases);
            cases.keySet()
                    .removeIf(
                            one ->
                                    !wanted.isEmpty()
                                            && wanted.stream()
                                                    .noneMatch(name(client, one)::startsWith));
            if (!cases.isEmpty()) {
                record(client, cases);
            }
        }
    }

    private static String name(Client client, String one) {
        return client.version + "-" + one;
    }

    private void record(Client client, Map<String, String> cases) throws IOException {
        Node node = client.node;
        Lab.up(node.name(), "--address", node.address, "--engine", "--os", node.debian);
        Lab.node(
                        node.name(),
                        "echo '{\"registry-mirrors\": [\"%s\"]}' >/etc/docker/daemon.json; systemctl restart docker"
                                .formatted(Lab.value("LAB_MIRROR")))
                .ok();
        String pull = "for i in nginx debian; do docker -H unix://%s pull -q $i; done";
        Lab.hub(pull.formatted(node.engine())).ok();
        try (ComposeRecorder recorder = new ComposeRecorder(socket, node.engine(), node.api)) {
            for (Map.Entry<String, String> one : cases.entrySet()) {
                record(recorder, client, name(client, one.getKey()), one.getValue());
            }
        } finally {
            Lab.down(node.name());
        }
    }

    private void record(ComposeRecorder recorder, Client client, String name, String script)
            throws IOException {
        Path project = folder.resolve(name).resolve("app");
        Files.createDirectories(project);
        recorder.take();
        String whole = "cd %s; compose() { \"$COMPOSE\" \"$@\"; }\n%s".formatted(project, script);
        Map<String, String> variables =
                Map.of(
                        "HOME",
                        folder.toString(),
                        "DOCKER_HOST",
                        "unix://" + socket,
                        "COMPOSE",
                        client.command);
        Output output;
        try (Running running =
                Lab.start(variables, new byte[0], List.of("bash", "-e", "-c", whole))) {
            output = running.await(DEADLINE);
        }
        List<String> lines = new ComposeRecording(recorder.take(), project.toString()).lines();
        System.out.printf(
                "%s: status %d, %d requests in %d ms%n",
                name, output.status(), lines.size(), output.took().toMillis());
        output.ok();
        Files.write(RECORDINGS.resolve(name + ".jsonl"), lines, StandardCharsets.UTF_8);
    }

    private static Map<String, String> cases(String file) throws IOException {
        Map<String, String> cases = new LinkedHashMap<>();
        String[] parts = Files.readString(CASES.resolve(file)).split("(?m)^== ");
        Stream.of(parts)
                .skip(1)
                .forEach(
                        part ->
                                cases.put(
                                        part.substring(0, part.indexOf('\n')),
                                        part.substring(part.indexOf('\n') + 1)));
        return cases;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
