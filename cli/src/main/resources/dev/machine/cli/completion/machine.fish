# Completion of machine for fish: machine completion fish > ~/.config/fish/completions/machine.fish
function __machine_names
    set -l store $MACHINE_STORAGE_PATH
    test -n "$store"; or set store $HOME/.machine
    for record in $store/machines/*/machine.json
        string replace -r '.*/([^/]+)/machine\.json$' '$1' -- $record
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
