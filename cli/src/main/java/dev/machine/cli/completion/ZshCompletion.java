package dev.machine.cli.completion;

import java.util.Map;
import java.util.stream.Collectors;

/** The completion script for zsh; it works sourced and as a file of {@code $fpath}. */
final class ZshCompletion {
    private static final String FRAME =
            """
            #compdef machine
            # Completion of machine for zsh. After compinit: source <(machine completion zsh)
            _machine_names() {
                local record
                for record in "${MACHINE_STORAGE_PATH:-$HOME/.machine}"/machines/*/machine.json(N); do
                    record=${record%/machine.json}
                    print -r -- "${record##*/}"
                done
            }

            _machine() {
                local verb='' names='' i previous=${words[CURRENT-1]}
                local -a next options values
                for ((i = 2; i < CURRENT; i++)); do
                    case ${words[i]} in
                    (-s | --storage-path) ((i++)) ;;
                    (-*) ;;
                    (*)
                        case $verb in
                        ('') verb=${words[i]} ;;
                        (@BEGINNINGS@) verb="$verb ${words[i]}" ;;
                        esac
                        ;;
                    esac
                done
                case $verb in
            @CASES@    esac
                if (( ${values[(Ie)$previous]} )); then
                    _files
                    return
                fi
                case $previous in
                (--master | --node) names=yes ;;
                esac
                if [[ ${words[CURRENT]} == -* ]]; then
                    _describe -o option options
                    return
                fi
                (( ${#next} == 0 )) || _describe command next
                [[ -z $names ]] || compadd -- ${(f)"$(_machine_names)"}
            }

            if [ "${funcstack[1]}" = _machine ]; then
                _machine "$@"
            else
                compdef _machine machine
            fi
            """;

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
        return FRAME.replace("@BEGINNINGS@", model.beginningsPattern()).replace("@CASES@", cases);
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
