package dev.machine.cli.command.image;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine image import}: imports a table of names and rules from a file. */
public final class ImageImportCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command(
                        "image import",
                        "Import a file that machine image export printed. Its names are added; its mode and its rules replace the present ones.")
                .addPositional(Options.word("FILE", "a YAML file"));
    }

    @Override
    public int run(Invocation call) {
        if (call.words().size() != 1) {
            throw Invocation.usage("expected one file");
        }
        Path file = Path.of(call.words().getFirst());
        if (!Files.exists(file)) {
            throw new MachineException("there is no file " + file);
        }
        ImagesDocument other = ImagesDocument.read(file);
        ImagesDocument.change(call.services().store(), document -> document.take(other));
        return ExitCode.OK;
    }
}
