package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine image export}: the table and the rules as YAML. */
public final class ImageExportCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("image export", "Print the table and the rules as YAML.");
    }

    @Override
    public int run(Invocation call) {
        call.console().out().print(ImagesDocument.read(call.services().store().images()).text());
        return ExitCode.OK;
    }
}
