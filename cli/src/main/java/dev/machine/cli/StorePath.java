package dev.machine.cli;

import dev.machine.cli.output.Console;
import java.nio.file.Path;
import java.util.Optional;

/** The path of the store: {@code --storage-path}, else the variable, else {@code ~/.machine}. */
final class StorePath {
    static final String VARIABLE = "MACHINE_STORAGE_PATH";

    private StorePath() {}

    /** The absolute path of the store's folder. */
    static Path of(Optional<String> flag, Console console) {
        return flag.or(() -> console.variable(VARIABLE))
                .map(Path::of)
                .orElseGet(() -> home(console).resolve(".machine"))
                .toAbsolutePath()
                .normalize();
    }

    /** The user's home directory: {@code $HOME} first, as shells use it. */
    static Path home(Console console) {
        return Path.of(console.variable("HOME").orElseGet(() -> System.getProperty("user.home")));
    }
}
