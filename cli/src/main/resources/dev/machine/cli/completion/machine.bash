# Completion of machine for bash. In ~/.bashrc: eval "$(machine completion bash)"
_machine_names() {
    local record
    for record in "${MACHINE_STORAGE_PATH:-$HOME/.machine}"/machines/*/machine.json; do
        [ -e "$record" ] || continue
        record=${record%/machine.json}
        printf '%s\n' "${record##*/}"
    done
}

_machine() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local verb= words= options= values= names= i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -s | --storage-path) ((i++)) ;;
        -*) ;;
        *)
            case $verb in
            '') verb=${COMP_WORDS[i]} ;;
            @BEGINNINGS@) verb="$verb ${COMP_WORDS[i]}" ;;
            esac
            ;;
        esac
    done
    case $verb in
@CASES@    esac
    case " $values " in
    *" $previous "*) return ;;
    esac
    case $previous in
    --master | --node) names=yes ;;
    esac
    case $current in
    -*) words=$options ;;
    *) [ -z "$names" ] || words="$words $(_machine_names)" ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _machine machine
