package dev.machine.cli.command.image;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.common.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine image export}: the table and the rules as YAML. */
public final class ImageExportCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("image export", "Print the table of names and the rules as YAML.");
    }

    @Override
    public int run(Invocation call) {
        call.console().out().print(ImagesDocument.read(call.services().store().images()).text());
        return ExitCode.OK;
    }
}
