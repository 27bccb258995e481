# Adds a line to a file, unless it has it: retry-hook.sh LINE FILE
if ! grep -qsF "$1" "$2"; then
    # A last line without a newline would be joined with it.
    if [ -s "$2" ] && [ -n "$(tail -c 1 "$2")" ]; then echo >>"$2"; fi
    echo "$1" >>"$2"
fi
