package dev.machine.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A user with nodes and the endpoint {@code master} in front of them, on nodes of the lab. Closing
 * ends the endpoint and removes his store.
 */
final class Swarm implements AutoCloseable {
    /** How soon the endpoint must tell what happened to a node. */
    static final Duration SOON = Duration.ofSeconds(5);

    /**
     * A port of the lab's gateway where engines take images without TLS, as from the lab's
     * registry.
     */
    static final int PRIVATE_REGISTRY = 5001;

    private final Machine user = new Machine();

    Swarm() {
        this("");
    }

    /** With more in config.yaml. */
    Swarm(String config) {
        String key = Lab.value("LAB_KEY");
        user.configure(
                """
                engine-insecure-registry: ["%1$s:5000", "%1$s:%2$d"]
                aiyara:
                  ssh-user: root
                  ssh-key: %3$s
                generic:
                  ssh-key: %3$s
                %4$s
                """
                        .formatted(Lab.value("LAB_GATEWAY"), PRIVATE_REGISTRY, key, config));
    }

    Machine user() {
        return user;
    }

    /** Makes machines side by side; each is a create's words. */
    void create(List<List<String>> machines) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (List<String> words : machines) {
                all.add(threads.submit(() -> createOne(words)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private void createOne(List<String> words) {
        List<String> command = new ArrayList<>(List.of("create"));
        command.addAll(words);
        user.run(command.toArray(String[]::new)).ok();
    }

    /** The words for a server. */
    static List<String> server(String name, String address) {
        return List.of("-d", "generic", "--generic-ip-address", address, name);
    }

    /** The words for a board of a rack, whose name tells the address. */
    static List<String> board(String name) {
        return List.of("-d", "aiyara", name);
    }

    /** Makes and starts the endpoint, and waits until it is content with this many nodes. */
    void master(int nodes) {
        createOne(
                List.of("-d", "none", "--url", "tcp://127.0.0.1:3376", "--swarm-master", "master"));
        awaitHealthy(nodes);
    }

    void awaitHealthy(int nodes) {
        Lab.until(nodes + " nodes are healthy", Duration.ofSeconds(90), () -> healthy() == nodes);
    }

    int healthy() {
        return info().split("Status: Healthy", -1).length - 1;
    }

    String info() {
        return docker("info").out();
    }

    /** A docker command against the endpoint. */
    Output docker(String words) {
        return user.docker("master --swarm", words);
    }

    /** The same, left running. */
    Running start(String words) {
        return user.startInHub(
                List.of(
                        "bash",
                        "-c",
                        "PATH=%s:$PATH; exec docker $(machine config master --swarm) %s"
                                .formatted(Lab.ROOT, words)));
    }

    @Override
    public void close() {
        user.run("rm", "-y", "-f", "master");
        user.close();
    }
}
