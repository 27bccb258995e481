package dev.machine.provisioning.undo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Printable;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.node.SnapshotReader;
import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.StepId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses to remove an engine with data that cannot be restored: containers, volumes, images that
 * were built there. Images from a registry can be pulled again.
 */
final class CheckForDataLoss implements Step {
    private static final StepId ID = new StepId("look for losses");

    private static final Duration DEADLINE = Duration.ofSeconds(15);
    private static final int MAX_NAMES_SHOWN = 5;

    private final UndoSteps undo;

    CheckForDataLoss(UndoSteps undo) {
        this.undo = undo;
    }

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        SnapshotReader before = undo.before(node);
        if (!before.known() && before.touched()) {
            throw refusal(
                    "how the node was before machine came is not known: "
                            + EngineFiles.ORIGINAL
                            + " is missing there",
                    "without --purge the node is forgotten and stays as it is");
        }
        if (before.known() && before.engineGoes() && !before.cleared()) {
            List<String> losses = losses(node, before);
            if (!losses.isEmpty()) {
                throw refusal(
                        String.join(", ", losses)
                                + " would be lost with the engine that machine installed there",
                        "save and remove them first: machine ssh " + node.record().name());
            }
        }
        return Change.none();
    }

    @Override
    public void apply(NodeContext node, Change change) {
        throw new IllegalStateException("looking plans no change");
    }

    private static List<String> losses(NodeContext node, SnapshotReader before) {
        String url = node.record().url().orElseThrow();
        try {
            List<String> losses = new ArrayList<>();
            JsonNode containers =
                    node.tools().engines().ask(url, "/containers/json?all=1", DEADLINE);
            add(losses, "container", names(containers, "/Names/0"));
            JsonNode volumes = node.tools().engines().ask(url, "/volumes", DEADLINE);
            add(losses, "volume", names(volumes.path("Volumes"), "/Name"));
            List<String> built = new ArrayList<>();
            for (JsonNode image : node.tools().engines().ask(url, "/images/json", DEADLINE)) {
                if (image.path("RepoDigests").isEmpty()) {
                    built.add(image.at("/RepoTags/0").asText(image.path("Id").asText()));
                }
            }
            add(losses, "image built there", built);
            return losses;
        } catch (IOException e) {
            if (node.facts().engineRuns() || !before.data().isEmpty()) {
                throw refusal(
                        "the engine does not answer (%s), so it is unknown what would be lost with it"
                                .formatted(e.getMessage()),
                        "`machine provision "
                                + node.record().name()
                                + "` repairs it; without --purge the node stays as it is");
            }
            return List.of();
        }
    }

    private static List<String> names(JsonNode items, String pointer) {
        List<String> names = new ArrayList<>();
        items.forEach(
                item ->
                        names.add(
                                Printable.line(item.at(pointer).asText().replaceFirst("^/", ""))));
        return names;
    }

    private static void add(List<String> losses, String what, List<String> names) {
        if (!names.isEmpty()) {
            losses.add(
                    "%s %s%s"
                            .formatted(
                                    what,
                                    String.join(
                                            ", ",
                                            names.subList(
                                                    0, Math.min(MAX_NAMES_SHOWN, names.size()))),
                                    names.size() > MAX_NAMES_SHOWN
                                            ? " and " + (names.size() - MAX_NAMES_SHOWN) + " more"
                                            : ""));
        }
    }

    private static MachineException refusal(String sentence, String hint) {
        return new MachineException(
                sentence, "nothing was changed on the node; " + hint, ExitCode.ERROR);
    }
}
