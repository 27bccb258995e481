package dev.machine.cli.completion;

import java.util.stream.Collectors;

/** The completion script for fish 3 and later. */
final class FishCompletion {
    private static final String FRAME =
            """
            # Completion of machine for fish: machine completion fish > ~/.config/fish/completions/machine.fish
            function __machine_names
                set -l store $MACHINE_STORAGE_PATH
                test -n "$store"; or set store $HOME/.machine
                for record in $store/machines/*/machine.json
                    string replace -r '.*/([^/]+)/machine\\.json$' '$1' -- $record
                end
            end

            function __machine_verb
                set -l verb ''
                set -l skip no
                for token in (commandline -opc)[2..-1]
                    if test $skip = yes
                        set skip no
                        continue
                    end
                    switch $token
                        case -s --storage-path
                            set skip yes
                        case '-*'
                        case '*'
                            if test -z "$verb"
                                set verb $token
                            else if contains -- $verb @BEGINNINGS@
                                set verb "$verb $token"
                            end
                    end
                end
                echo $verb
            end

            function __machine_at
                test (__machine_verb) = "$argv[1]"
            end

            complete -c machine -f
            """;

    private FishCompletion() {}

    static String script(CompletionModel model) {
        StringBuilder script =
                new StringBuilder(
                        FRAME.replace(
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
