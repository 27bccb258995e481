package dev.machine.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The nodes of one test class: up side by side before its first case, down after its last, whatever
 * happened.
 */
final class Nodes implements BeforeAllCallback, AfterAllCallback {
    private record Node(String name, String address, String[] switches) {}

    private final List<Node> nodes = new ArrayList<>();

    /** Adds a node, with switches as of `lab up`. */
    Nodes and(String name, String address, String... switches) {
        nodes.add(new Node(name, address, switches));
        return this;
    }

    static Nodes of(String name, String address, String... switches) {
        return new Nodes().and(name, address, switches);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        // The first one builds what is missing; the others find it there.
        up(nodes.getFirst());
        each(nodes.subList(1, nodes.size()), Nodes::up);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        each(nodes, node -> Lab.down(node.name()));
    }

    private static void up(Node node) {
        List<String> words = new ArrayList<>(List.of(node.name(), "--address", node.address()));
        words.addAll(List.of(node.switches()));
        Lab.up(words.toArray(String[]::new));
    }

    private static void each(List<Node> nodes, java.util.function.Consumer<Node> action)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (Node node : nodes) {
                all.add(threads.submit(() -> action.accept(node)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }
}
