# Functions that write files. Links stay: the target is written, under a temporary name beside it, which is then renamed. An existing
# file keeps its mode, its owner and its other attributes.
# lives FILE : prints the path of its target, or an error if it cannot be written.
lives() {
    if [ -L "$1" ] && [ ! -e "$1" ]; then echo "cannot write $1: it is a link to $(readlink "$1"), which is not there" >&2; return 74; fi
    if [ -e "$1" ] && [ ! -f "$1" ]; then echo "cannot write $1: it is no regular file" >&2; return 74; fi
    if [ -L "$1" ]; then readlink -f "$1"; else printf '%s\n' "$1"; fi
}
# like FILE NEW : gives NEW all attributes of FILE except content and times.
like() {
    if ! cp --attributes-only --preserve=all "$1" "$2" 2>/dev/null; then
        chown "$(stat -c %u:%g "$1")" "$2" 2>/dev/null || true
        chmod "$(stat -c %a "$1")" "$2"
    fi
    touch "$2"
}
# settle NEW FILE : replaces FILE by NEW. A file with hard links, or a mount point, is written in place.
settle() {
    if [ "${1%/*}" = "${2%/*}" ] && [ "$(stat -c %h "$2" 2>/dev/null || echo 1)" = 1 ] && mv -f "$1" "$2" 2>/dev/null; then return 0; fi
    like "$1" "$2"
    cat "$1" >"$2" || { rm -f "$1"; echo "cannot write $2" >&2; return 74; }
    sync "$2"; rm -f "$1"
}
# beside FILE : creates an empty file beside it, or elsewhere if its folder cannot be written, and prints its name.
beside() {
    rm -f "${1%/*}/.${1##*/}.machine" 2>/dev/null || true
    if (umask 077; set -C; : >"${1%/*}/.${1##*/}.machine") 2>/dev/null; then printf '%s\n' "${1%/*}/.${1##*/}.machine"
    elif [ -f "$1" ]; then mktemp
    else echo "cannot write $1: $(umask 077; : 2>&1 >"$1")" >&2; return 74; fi
}
# place FILE MODE [BYTES [exact]] : writes standard input to FILE. MODE is for a new file; with exact, FILE always gets MODE and root.
place() {
    mkdir -p "${1%/*}" || return 74
    real=$(lives "$1") || return 74
    new=$(beside "$real") || return 74
    if [ -n "${3:-}" ]; then head -c "$3" >"$new"; else cat >"$new"; fi || true
    if [ -n "${3:-}" ] && [ "$(wc -c <"$new")" -ne "$3" ]; then
        rm -f "$new"; echo "cannot write $1: the content did not arrive whole (disk full?)" >&2; return 74
    fi
    if [ -f "$real" ] && [ "${4:-}" != exact ]; then like "$real" "$new"; else chmod "$2" "$new"; fi
    sync "$new"
    settle "$new" "$real"
}
# restore KEPT FILE : restores FILE from its copy, with mode and owner; the target of a broken link is created.
restore() {
    mkdir -p "${2%/*}" || return 74
    if [ -L "$2" ] && [ ! -e "$2" ] && real=$(readlink -f "$2"); then :; else real=$(lives "$2") || return 74; fi
    new=$(beside "$real") || return 74
    cp --preserve=all "$1" "$new" 2>/dev/null || cp -p "$1" "$new"
    settle "$new" "$real"
}
