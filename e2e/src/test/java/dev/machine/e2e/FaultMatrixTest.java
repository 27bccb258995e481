package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * At every boundary of every step the process is killed, or its connection is cut; the next run
 * finishes the work and the one after that finds nothing to do. The cases come from the list of
 * steps itself, so a new step has its cases at once.
 */
@Tag("lab")
class FaultMatrixTest {
    private static final List<String> EVENTS = List.of("planned", "applied");

    /** After this step machine speaks with the engine only, and does not miss the connection. */
    private static final String LAST_USE_OF_SSH = "verify engine";

    private enum Fault {
        KILLED("kill -9"),
        DROPPED("SSH dropped");

        private final String words;

        Fault(String words) {
            this.words = words;
        }
    }

    private record Case(String step, String event, Fault fault) {
        String point() {
            return Stops.point(step, event);
        }

        String name() {
            return point() + ", " + fault.words;
        }
    }

    /**
     * @param files digests of the node's files: before, after the fault, after the rerun
     */
    private record Ending(
            int exit, String said, String rerun, int rerunExit, int changes, List<String> files) {}

    /**
     * No steps of a node that is no cloud machine and knows the time; DropletTest and BoardsTest
     * have such.
     */
    private static final Set<String> ELSEWHERE = Set.of("await cloud-init", "set clock");

    private static final Map<Case, Ending> ENDINGS = new ConcurrentHashMap<>();
    private static final Machine USER = new Machine();
    private static final FaultNode KILLED =
            new FaultNode(
                    USER, "fault-kill", "192.168.21.1", FaultNode.Kind.ENGINE, List.of("--engine"));
    private static final FaultNode DROPPED =
            new FaultNode(
                    USER, "fault-drop", "192.168.21.2", FaultNode.Kind.ENGINE, List.of("--engine"));
    private static final FaultNode BARE =
            new FaultNode(
                    USER, "fault-bare", "192.168.21.3", FaultNode.Kind.BARE, List.of("--bare"));
    private static final FaultNode PASSWORD =
            new FaultNode(
                    USER,
                    "fault-word",
                    "192.168.21.4",
                    FaultNode.Kind.PASSWORD,
                    List.of("--engine", "--user", "pi", "--login", "password"));

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(KILLED.name(), KILLED.address(), KILLED.words())
                    .and(DROPPED.name(), DROPPED.address(), DROPPED.words())
                    .and(BARE.name(), BARE.address(), BARE.words())
                    .and(PASSWORD.name(), PASSWORD.address(), PASSWORD.words());

    @BeforeAll
    static void aMirrorForAll() {
        USER.file(
                "config.yaml", "engine-registry-mirror: [%s]\n".formatted(Lab.value("LAB_MIRROR")));
    }

    /** The nodes work side by side; on one node a case follows the other. */
    @TestFactory
    Stream<DynamicTest> convergesAfterEveryFault() {
        Map<Case, CompletableFuture<Void>> cases = new LinkedHashMap<>();
        Map<FaultNode, List<Case>> lanes = new LinkedHashMap<>();
        for (Case one : cases()) {
            cases.put(one, new CompletableFuture<>());
            lanes.computeIfAbsent(nodeOf(one), node -> new ArrayList<>()).add(one);
        }
        lanes.forEach(
                (node, its) ->
                        Thread.ofVirtual()
                                .start(
                                        () ->
                                                its.forEach(
                                                        one -> settle(cases.get(one), node, one))));
        return cases.entrySet().stream()
                .map(
                        entry ->
                                DynamicTest.dynamicTest(
                                        entry.getKey().name(), () -> await(entry.getValue())));
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Step step : Steps.all()) {
            if (ELSEWHERE.contains(step.id().title())) {
                continue;
            }
            for (String event : EVENTS) {
                for (Fault fault : Fault.values()) {
                    cases.add(new Case(step.id().title(), event, fault));
                }
            }
        }
        return cases;
    }

    private static FaultNode nodeOf(Case one) {
        return switch (one.step()) {
            case "authorize key" -> PASSWORD;
            case "install engine" -> BARE;
            default -> one.fault() == Fault.KILLED ? KILLED : DROPPED;
        };
    }

    private static void settle(CompletableFuture<Void> outcome, FaultNode node, Case one) {
        try {
            node.reset();
            ENDINGS.put(one, one.fault() == Fault.KILLED ? kill(node, one) : drop(node, one));
            outcome.complete(null);
        } catch (Throwable e) {
            outcome.completeExceptionally(e);
        }
    }

    private static void await(CompletableFuture<Void> outcome) throws Throwable {
        try {
            outcome.join();
        } catch (CompletionException e) {
            throw e.getCause();
        }
    }

    private static Ending kill(FaultNode node, Case one) {
        String before = new OnNode(node.name()).digest();
        Output killed;
        try (Running running = node.frozenAt(one.point())) {
            running.signal("KILL");
            killed = running.await(Machine.DEADLINE).exits(137);
        }
        assertThat(Record.phase(USER, node.name())).isEqualTo("CREATING");
        return ending(node, before, killed, "", "create", node::create);
    }

    private static Ending drop(FaultNode node, Case one) {
        String before = new OnNode(node.name()).digest();
        Output dropped;
        try (Running running = node.frozenAt(one.point())) {
            node.drop();
            running.signal("CONT");
            dropped = running.await(Machine.DEADLINE);
        }
        String said = "nothing: the connection had done its work";
        if (needsSshAfter(one)) {
            said = assertSaysSo(node, dropped);
        } else {
            dropped.exits(0);
        }
        return ending(node, before, dropped, said, "provision", node::provision);
    }

    /** Takes the run after a fault, and one more, which finds nothing to do. */
    private static Ending ending(
            FaultNode node,
            String before,
            Output torn,
            String said,
            String rerun,
            Supplier<Output> command) {
        OnNode files = new OnNode(node.name());
        String after = files.digest();
        Output again = command.get();
        int changes = FaultNode.changes(again);
        node.assertSettled();
        return new Ending(
                torn.status(),
                said,
                rerun,
                again.status(),
                changes,
                List.of(before, after, files.digest()));
    }

    private static boolean needsSshAfter(Case one) {
        List<String> titles = Steps.all().stream().map(step -> step.id().title()).toList();
        // A bare node's engine has read everything when it is installed: it is not started again.
        String last = nodeOf(one) == BARE ? one.step() : LAST_USE_OF_SSH;
        int order = titles.indexOf(one.step()) - titles.indexOf(last);
        // An engine that was restarted is asked on its own socket, after the step's last event.
        return order < 0 || (order == 0 && (nodeOf(one) != BARE || one.event().equals("planned")));
    }

    /** Exit code 6, one sentence and what to do next; the record knows where it ended. */
    private static String assertSaysSo(FaultNode node, Output dropped) {
        assertThat(dropped.exits(6).err())
                .contains("run it again: it goes on where it stopped")
                .doesNotContain("\tat ", "Exception", "an internal error of machine");
        assertThat(Record.phase(USER, node.name())).isEqualTo("FAILED");
        String step = Record.of(USER, node.name()).path("failedStep").asText();
        assertThat(Steps.all().stream().map(it -> it.id().title())).contains(step);
        return dropped.err()
                .lines()
                .filter(
                        line ->
                                line.startsWith(
                                        step
                                                + ": the SSH connection to "
                                                + node.address()
                                                + " broke: "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sentence: " + dropped));
    }

    @AfterAll
    static void showTheMatrix() throws IOException {
        USER.close();
        StringBuilder table =
                new StringBuilder(
                        "| step | at | fault | exit code | it said | rerun | exit code | changes of the rerun | files before, after the fault, after the rerun |\n");
        table.append("|---|---|---|---|---|---|---|---|---|\n");
        for (Case one : cases()) {
            Ending end = ENDINGS.get(one);
            String row =
                    end == null
                            ? "| %s | %s | %s | FAILED |||||"
                                    .formatted(one.step(), one.event(), one.fault().words)
                            : "| %s | %s | %s | %d | %s | %s | %d | %d | %s |"
                                    .formatted(
                                            one.step(),
                                            one.event(),
                                            one.fault().words,
                                            end.exit(),
                                            end.said(),
                                            end.rerun(),
                                            end.rerunExit(),
                                            end.changes(),
                                            String.join(" ", end.files()));
            table.append(row).append('\n');
            System.out.println("fault: " + row);
        }
        Path target = Lab.ROOT.resolve("e2e/target");
        Files.createDirectories(target);
        Files.writeString(target.resolve("fault-matrix.md"), table);
    }
}
