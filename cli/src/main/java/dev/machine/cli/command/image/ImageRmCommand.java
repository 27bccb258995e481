package dev.machine.cli.command.image;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine image rm}: removes names from the table, so that they mean themselves again. */
public final class ImageRmCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("image rm", "Remove names from the table.")
                .addPositional(Options.words("NAME", "names, as machine image ls shows them"));
    }

    @Override
    public int run(Invocation call) {
        if (call.words().isEmpty()) {
            throw Invocation.usage("expected one or more names");
        }
        ImagesDocument.change(
                call.services().store(),
                document -> {
                    for (String name : call.words()) {
                        if (document.images().remove(name) == null) {
                            throw new MachineException(
                                    "the table has no name \"" + name + "\"",
                                    "machine image ls lists them",
                                    ExitCode.NOT_FOUND);
                        }
                    }
                });
        return ExitCode.OK;
    }
}
