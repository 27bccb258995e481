package dev.machine.cli.completion;

import dev.machine.cli.command.Globals;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What can be typed, for the scripts of the shells. */
public record CompletionModel(List<Command> commands) {
    /**
     * One command.
     *
     * @param name one word, or several as {@code swarm manage}
     * @param machines whether its arguments are names of machines
     */
    public record Command(String name, String summary, boolean machines, List<Option> options) {
        /** Reads options and arguments from a command's model for the parser. */
        public static Command of(String name, String summary, CommandSpec spec) {
            return new Command(
                    name,
                    summary,
                    spec.positionalParameters().stream()
                            .anyMatch(words -> areMachines(name, words)),
                    Globals.addTo(spec).options().stream().map(CompletionModel::option).toList());
        }

        /** The options with a value that a script cannot complete. */
        String namesWithValue() {
            return options.stream()
                    .filter(option -> option.value() && !option.machine())
                    .flatMap(option -> option.names().stream())
                    .collect(Collectors.joining(" "));
        }
    }

    /**
     * One option.
     *
     * @param names all spellings
     * @param value whether a value follows
     * @param machine whether that value is the name of a machine
     */
    public record Option(List<String> names, String help, boolean value, boolean machine) {}

    // create takes a name that must not exist yet, and image commands take names of images.
    private static boolean areMachines(String command, PositionalParamSpec words) {
        return !command.equals("create")
                && !command.startsWith("image ")
                && words.paramLabel().replace("[", "").matches("(NAME|MASTER).*");
    }

    private static Option option(OptionSpec option) {
        return new Option(
                Arrays.asList(option.names()),
                String.join(" ", option.description()),
                option.arity().max() > 0,
                List.of("--master", "--node").contains(option.longestName()));
    }

    /**
     * The words that may follow the first words of a command, each with a summary. The key is empty
     * for the first word of a command line.
     */
    Map<String, Map<String, String>> branches() {
        Map<String, Map<String, String>> branches = new LinkedHashMap<>();
        branches.put("", new LinkedHashMap<>());
        for (Command command : commands) {
            String before = "";
            for (String word : command.name.split(" ")) {
                String here = before.isEmpty() ? word : before + " " + word;
                branches.computeIfAbsent(before, key -> new LinkedHashMap<>())
                        .merge(
                                word,
                                here.equals(command.name) ? command.summary : word + " ...",
                                (old, other) -> old);
                before = here;
            }
        }
        return branches;
    }

    /** The first words of commands that have several words. */
    List<String> beginnings() {
        return branches().keySet().stream().filter(key -> !key.isEmpty()).toList();
    }

    /** The same as a pattern of {@code case}, for bash and zsh. */
    String beginningsPattern() {
        return beginnings().stream()
                .map(words -> "'" + words + "'")
                .collect(Collectors.joining(" | "));
    }
}
