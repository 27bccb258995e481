package dev.machine.cli.completion;

import dev.machine.common.ResourceText;
import java.util.stream.Collectors;

/** The completion script for bash 4 and later. */
final class BashCompletion {
    private BashCompletion() {}

    static String script(CompletionModel model) {
        StringBuilder cases = new StringBuilder();
        model.branches()
                .forEach(
                        (before, words) ->
                                cases.append("    '")
                                        .append(before)
                                        .append("') words='")
                                        .append(String.join(" ", words.keySet()))
                                        .append("' ;;\n"));
        for (CompletionModel.Command command : model.commands()) {
            cases.append("    '")
                    .append(command.name())
                    .append("') names=")
                    .append(command.machines() ? "yes" : "")
                    .append(command.name().equals("completion") ? " words='bash zsh fish'" : "")
                    .append(" options='")
                    .append(
                            command.options().stream()
                                    .flatMap(option -> option.names().stream())
                                    .collect(Collectors.joining(" ")))
                    .append("' values='")
                    .append(command.namesWithValue())
                    .append("' ;;\n");
        }
        return ResourceText.read(BashCompletion.class, "machine.bash")
                .replace("@BEGINNINGS@", model.beginningsPattern())
                .replace("@CASES@", cases);
    }
}
