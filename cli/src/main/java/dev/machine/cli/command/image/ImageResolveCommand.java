package dev.machine.cli.command.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.cli.output.Column;
import dev.machine.cli.output.Report;
import dev.machine.common.EngineCall;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.image.DistributionAnswer;
import dev.machine.swarm.image.ImageChoice;
import dev.machine.swarm.image.ImageDecision;
import dev.machine.swarm.image.ImageName;
import dev.machine.swarm.image.ImageNode;
import dev.machine.swarm.image.ImagesFile;
import dev.machine.swarm.image.KnownPlatforms;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine image resolve}: prints which image a node gets for a name by the store's
 * images.yaml, and which step decided. The nodes' engines are asked for the platforms in the
 * registry; if none answers in three seconds, the platforms are unknown.
 */
public final class ImageResolveCommand implements Command {
    private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(3);

    /**
     * What one node gets.
     *
     * @param image empty if the node is refused
     * @param why which step of the decision chose the image, or refused the node
     */
    private record Row(String node, String platform, String image, String why) {}

    private static final List<Column<Row>> COLUMNS =
            List.of(
                    Column.of("NODE", "Node", "node", Row::node),
                    Column.of("PLATFORM", "Platform", "platform", Row::platform),
                    Column.of("IMAGE", "Image", "image", Row::image),
                    Column.of("WHY", "Why", "why", Row::why));

    @Override
    public CommandSpec spec() {
        return Options.command(
                        "image resolve", "Print which image a node gets for a name, and why.")
                .addOption(Options.value("NODE", "this machine only", "--node"))
                .addOption(Options.value("FORM", "table, json, yaml or name", "-o", "--output"))
                .addPositional(Options.word("IMAGE", "a name, as in docker run IMAGE"));
    }

    @Override
    public int run(Invocation call) {
        if (call.words().size() != 1) {
            throw Invocation.usage("expected one image");
        }
        String typed = call.words().getFirst();
        ImageName name = ImageName.parse(typed);
        if (name == null) {
            throw Invocation.usage("\"" + typed + "\" is not the name of an image");
        }
        Store store = call.services().store();
        ImageDecision decision =
                new ImageDecision(ImagesFile.read(store.images()), typed, name, null, true);
        Lifecycle lifecycle = call.services().lifecycle();
        Map<String, KnownPlatforms> known = new HashMap<>();
        List<Row> rows = new ArrayList<>();
        for (MachineRecord machine : machines(store, call.value("--node"))) {
            rows.add(row(lifecycle.engines(machine), machine, decision, known));
        }
        call.answer(Report.of(COLUMNS, rows), "Image");
        return ExitCode.OK;
    }

    private static List<MachineRecord> machines(Store store, Optional<String> node) {
        if (node.isPresent()) {
            MachineRecord machine = store.load(node.get());
            if (machine.platform().isEmpty()) {
                throw new MachineException(
                        "the platform of " + machine.name() + " is not known",
                        "machine provision " + machine.name() + " reads it",
                        ExitCode.ERROR);
            }
            return List.of(machine);
        }
        return store.machines().stream().filter(machine -> machine.platform().isPresent()).toList();
    }

    private static Row row(
            EngineProbe engines,
            MachineRecord machine,
            ImageDecision decision,
            Map<String, KnownPlatforms> known) {
        Platform platform = Platform.parse(machine.platform().orElseThrow());
        for (String question : decision.questions(platform)) {
            if (known.getOrDefault(question, KnownPlatforms.UNKNOWN)
                    instanceof KnownPlatforms.Unknown) {
                known.put(question, ask(engines, machine, question));
            }
        }
        ImageChoice choice =
                decision.on(
                        new ImageNode(machine.name(), platform),
                        question -> known.getOrDefault(question, KnownPlatforms.UNKNOWN));
        return new Row(
                machine.name(),
                platform.toString(),
                choice instanceof ImageChoice.Use use ? use.image() : "",
                switch (choice) {
                    case ImageChoice.Use use -> use.why();
                    case ImageChoice.Refuse refuse -> refuse.reason();
                });
    }

    private static KnownPlatforms ask(EngineProbe engines, MachineRecord machine, String image) {
        if (machine.url().isEmpty()) {
            return KnownPlatforms.UNKNOWN;
        }
        try {
            EngineCall.Answer answer =
                    engines.get(
                            machine.url().get(),
                            "/distribution/" + image + "/json",
                            REGISTRY_TIMEOUT);
            JsonNode body = new ObjectMapper().readTree(answer.body());
            return DistributionAnswer.of(answer.status(), body);
        } catch (IOException | MachineException e) {
            return KnownPlatforms.UNKNOWN;
        }
    }
}
