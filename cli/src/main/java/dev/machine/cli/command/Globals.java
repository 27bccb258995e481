package dev.machine.cli.command;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options of every command, before or after its name.
 *
 * @param debug show stack traces and the logs of libraries
 * @param quiet show no progress
 * @param storagePath the value of {@code --storage-path}
 */
public record Globals(boolean debug, boolean quiet, Optional<String> storagePath) {
    /**
     * Adds the options to a command, except one that the command uses for something else (as {@code
     * ls -q}).
     */
    public static CommandSpec addTo(CommandSpec spec) {
        spec.addOption(
                Options.flag("show stack traces and the logs of libraries", "-D", "--debug"));
        spec.addOption(
                Options.value(
                        "PATH",
                        "the store (MACHINE_STORAGE_PATH, ~/.machine)",
                        "-s",
                        "--storage-path"));
        if (spec.findOption("--quiet") == null) {
            spec.addOption(Options.flag("show no progress", "--quiet"));
        }
        spec.addOption(Options.help());
        return spec;
    }

    /** The same options in one line, for a command that has many others. */
    public static HelpSection help() {
        return HelpSection.ofText(
                "Global options", "-s PATH, -D, --quiet, -h; machine --help explains them");
    }

    /** Adds the options that were typed after the command to those before it. */
    public Globals with(ParseResult parsed) {
        Optional<String> path =
                Optional.ofNullable(parsed.matchedOptionValue("--storage-path", null));
        return new Globals(
                debug || parsed.matchedOptionValue("--debug", false),
                quiet || parsed.matchedOptionValue("--quiet", false),
                path.or(this::storagePath));
    }
}
