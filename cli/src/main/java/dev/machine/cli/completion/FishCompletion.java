package dev.machine.cli.completion;

import dev.machine.common.ResourceText;
import java.util.stream.Collectors;

/** The completion script for fish 3 and later. */
final class FishCompletion {
    private FishCompletion() {}

    static String script(CompletionModel model) {
        StringBuilder script =
                new StringBuilder(
                        ResourceText.read(FishCompletion.class, "machine.fish")
                                .replace(
                                        "@BEGINNINGS@",
                                        model.beginnings().stream()
                                                .map(FishCompletion::quoted)
                                                .collect(Collectors.joining(" "))));
        model.branches()
                .forEach(
                        (before, words) ->
                                words.forEach(
                                        (word, help) ->
                                                script.append(at(before))
                                                        .append(" -a ")
                                                        .append(quoted(word))
                                                        .append(" -d ")
                                                        .append(quoted(help))
                                                        .append('\n')));
        for (CompletionModel.Command command : model.commands()) {
            if (command.machines()) {
                script.append(at(command.name())).append(" -a '(__machine_names)'\n");
            }
            if (command.name().equals("completion")) {
                script.append(at(command.name())).append(" -a 'bash zsh fish'\n");
            }
            command.options().forEach(option -> script.append(option(command.name(), option)));
        }
        return script.toString();
    }

    private static String option(String command, CompletionModel.Option option) {
        String value = option.machine() ? " -x -a '(__machine_names)'" : " -r -F";
        return at(command)
                + option.names().stream()
                        .map(
                                name ->
                                        name.startsWith("--")
                                                ? " -l " + name.substring(2)
                                                : " -s " + name.substring(1))
                        .collect(Collectors.joining())
                + (option.value() ? value : "")
                + " -d "
                + quoted(option.help())
                + "\n";
    }

    private static String at(String command) {
        return "complete -c machine -n " + quoted("__machine_at " + quoted(command));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
