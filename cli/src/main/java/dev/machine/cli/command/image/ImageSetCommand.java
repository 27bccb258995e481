package dev.machine.cli.command.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.image.ImageName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine image set}: sets which image a name means on an architecture. */
public final class ImageSetCommand implements Command {
    private static final Set<String> OTHER_ARCHITECTURES =
            Set.of("default", "arm32v5", "arm32v6", "arm32v7", "arm64v8");

    @Override
    public CommandSpec spec() {
        return Options.command(
                        "image set",
                        "Set which image a name means on an architecture, or on all others (default).")
                .addPositional(
                        Options.word(
                                "NAME ARCH=IMAGE...",
                                "as in: hello amd64=hello-world arm=me/hello"));
    }

    @Override
    public int run(Invocation call) {
        if (call.words().size() < 2) {
            throw Invocation.usage("expected a name and at least one ARCH=IMAGE");
        }
        String name = image(call.words().getFirst());
        Map<String, String> fields = new LinkedHashMap<>();
        List<String> pairs = call.words().subList(1, call.words().size());
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw Invocation.usage("\"" + pair + "\" is not of the form ARCH=IMAGE");
            }
            fields.put(architecture(pair.substring(0, equals)), image(pair.substring(equals + 1)));
        }
        ImagesDocument.change(
                call.services().store(),
                document -> {
                    ObjectNode entry = document.images().withObjectProperty(name);
                    fields.forEach(entry::put);
                });
        return ExitCode.OK;
    }

    private static String image(String text) {
        if (ImageName.parse(text) == null) {
            throw Invocation.usage("\"" + text + "\" is not the name of an image");
        }
        return text;
    }

    private static String architecture(String text) {
        if (!OTHER_ARCHITECTURES.contains(text)) {
            try {
                Platform.parse(text);
            } catch (MachineException e) {
                throw Invocation.usage(
                        "\""
                                + text
                                + "\" is not an architecture: amd64, arm64, arm, arm/v6, default …");
            }
        }
        return text;
    }
}
