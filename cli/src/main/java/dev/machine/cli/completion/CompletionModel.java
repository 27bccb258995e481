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

/** What may be typed, as the scripts for shells need it. */
public record CompletionModel(List<Command> commands) {
    /**
     * One command.
     *
     * @param name one word, or several as {@code swarm manage}
     * @param machines whether its arguments are names of machines
     */
    public record Command(String name, String summary, boolean machines, List<Option> options) {
        /** Reads what a command takes from its model for the parser. */
        public static Command of(String name, String summary, CommandSpec spec) {
            return new Command(
                    name,
                    summary,
                    spec.positionalParameters().stream()
                            .anyMatch(words -> areMachines(name, words)),
                    Globals.addTo(spec).options().stream().map(CompletionModel::option).toList());
        }

        /** The options behind which something is typed that no script knows. */
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

    // The name that create takes must not exist yet; an image's is not a machine's.
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
     * What may follow the words that begin a command, with a summary each; the key of the very
     * first words is empty.
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

    /** The beginnings of commands of several words. */
    List<String> beginnings() {
        return branches().keySet().stream().filter(key -> !key.isEmpty()).toList();
    }

    /** The same as a pattern of {@code case}, which bash and zsh write alike. */
    String beginningsPattern() {
        return beginnings().stream()
                .map(words -> "'" + words + "'")
                .collect(Collectors.joining(" | "));
    }
}
