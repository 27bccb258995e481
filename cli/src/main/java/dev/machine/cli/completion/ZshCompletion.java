package dev.machine.cli.completion;

import dev.machine.common.ResourceText;
import java.util.Map;
import java.util.stream.Collectors;

/** The completion script for zsh. It can be sourced, or be a file of {@code $fpath}. */
final class ZshCompletion {
    private ZshCompletion() {}

    static String script(CompletionModel model) {
        StringBuilder cases = new StringBuilder();
        model.branches()
                .forEach(
                        (before, words) ->
                                cases.append("    ('")
                                        .append(before)
                                        .append("') next=(")
                                        .append(described(words))
                                        .append(") ;;\n"));
        for (CompletionModel.Command command : model.commands()) {
            cases.append("    ('")
                    .append(command.name())
                    .append("') names=")
                    .append(command.machines() ? "yes" : "")
                    .append(command.name().equals("completion") ? " next=(bash zsh fish)" : "")
                    .append(" options=(")
                    .append(
                            command.options().stream()
                                    .flatMap(
                                            option ->
                                                    option.names().stream()
                                                            .map(name -> pair(name, option.help())))
                                    .collect(Collectors.joining(" ")))
                    .append(") values=(")
                    .append(command.namesWithValue())
                    .append(") ;;\n");
        }
        return ResourceText.read(ZshCompletion.class, "machine.zsh")
                .replace("@BEGINNINGS@", model.beginningsPattern())
                .replace("@CASES@", cases);
    }

    private static String described(Map<String, String> words) {
        return words.entrySet().stream()
                .map(word -> pair(word.getKey(), word.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String pair(String word, String help) {
        return "'" + word + ":" + help.replace("'", "'\\''") + "'";
    }
}
