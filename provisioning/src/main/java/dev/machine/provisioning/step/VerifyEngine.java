package dev.machine.provisioning.step;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Poll;
import dev.machine.common.Printable;
import dev.machine.provisioning.facts.EngineShell;
import dev.machine.provisioning.ssh.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks over mutual TLS that the engine is as wanted: architecture, labels, mirrors. Changes
 * nothing.
 */
public final class VerifyEngine implements Step {
    private static final StepId ID = new StepId("verify engine");

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration SETTLE_INTERVAL = Duration.ofMillis(100);
    private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(5);

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        return Change.none();
    }

    @Override
    public void apply(NodeContext node, Change change) {
        throw new IllegalStateException("verification plans no change");
    }

    @Override
    public void confirm(NodeContext node) {
        String url = node.record().url().orElseThrow();
        try {
            JsonNode version = node.tools().engines().ask(url, "/version", DEADLINE);
            JsonNode info = node.tools().engines().ask(url, "/info", DEADLINE);
            List<String> differences = differences(node, version, info);
            if (!differences.isEmpty()) {
                throw new MachineException(
                        "the engine at %s is not what was asked for: %s"
                                .formatted(url, String.join("; ", differences)),
                        "run `machine provision " + node.record().name() + "`",
                        ExitCode.ERROR);
            }
            CloneCheck.obstacle(node, info.path("ID").asText())
                    .ifPresent(
                            sentence -> {
                                throw new MachineException(
                                        sentence,
                                        "then run `machine provision %s`"
                                                .formatted(node.record().name()),
                                        ExitCode.ERROR);
                            });
            local(node);
            node.save(
                    node.record().withPlatform(node.facts().platform().toString(), node.listen()));
        } catch (IOException e) {
            throw new MachineException(
                    "the engine at %s does not answer over TLS: %s".formatted(url, e.getMessage()),
                    "is port %d open between here and the node?".formatted(node.enginePort()),
                    ExitCode.UNREACHABLE,
                    e);
        }
    }

    /** Checks the engine's local socket, which docker commands on the node need. */
    private static void local(NodeContext node) {
        if (!node.wasRestarted()) {
            // A lost socket shows in the facts, and RunEngine has made it again.
            return;
        }
        Script ask = new Script().run(EngineShell.FUNCTIONS).run("engine_info >/dev/null");
        if (node.shell().asRoot(ask).status() != 0) {
            throw new MachineException(
                    "the engine answers over TLS, but not on its own socket on the node",
                    "run `machine provision %s`; `machine doctor %s` shows whether the socket is there"
                            .formatted(node.record().name(), node.record().name()),
                    ExitCode.ERROR);
        }
    }

    /** Whether a running engine is as wanted within a few seconds. */
    static boolean settles(NodeContext node) {
        return Poll.steady(node.tools().pause())
                        .until(
                                SETTLE_TIMEOUT,
                                SETTLE_INTERVAL,
                                () -> fit(node),
                                fit -> fit != Fit.NOT_YET)
                == Fit.AS_WANTED;
    }

    private enum Fit {
        AS_WANTED,
        NOT_YET,
        NO_ANSWER
    }

    private static Fit fit(NodeContext node) {
        String url = node.record().url().orElseThrow();
        try {
            JsonNode version = node.tools().engines().ask(url, "/version", DEADLINE);
            JsonNode info = node.tools().engines().ask(url, "/info", DEADLINE);
            return differences(node, version, info).isEmpty() ? Fit.AS_WANTED : Fit.NOT_YET;
        } catch (IOException e) {
            return Fit.NO_ANSWER;
        }
    }

    /** What is not as wanted in the engine's answers. */
    public static List<String> differences(NodeContext node, JsonNode version, JsonNode info) {
        List<String> differences = new ArrayList<>();
        String architecture = node.facts().platform().architecture();
        if (!version.path("Arch").asText().equals(architecture)) {
            differences.add(
                    "its architecture is "
                            + Printable.line(version.path("Arch").asText())
                            + ", the node's "
                            + architecture);
        }
        List<String> labels = texts(info.path("Labels"));
        node.daemonSpec()
                .labels()
                .forEach(
                        (key, value) -> {
                            if (!labels.contains(key + "=" + value)) {
                                differences.add("the label " + key + "=" + value + " is missing");
                            }
                        });
        List<String> mirrors = texts(info.path("RegistryConfig").path("Mirrors"));
        for (String mirror : node.record().engine().registryMirrors()) {
            // The engine adds a slash to the end of a URL.
            if (!mirrors.contains(mirror) && !mirrors.contains(mirror + "/")) {
                differences.add("the mirror " + mirror + " is missing");
            }
        }
        return differences;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
