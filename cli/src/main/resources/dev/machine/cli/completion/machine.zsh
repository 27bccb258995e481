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
