# Functions that put files back as they were before machine: restore.sh ORIGINAL DAEMON_JSON. Stand behind place.sh.
# `back FILE` puts one file as it was, or removes it; `final` does it to daemon.json, where what others set meanwhile stays.
original=$1 here=/etc/docker/machine daemon=$2
# A link that is gone, or that something took the place of; one that leads elsewhere by now is the owner's.
relink() {
    was=$(sed -n "s#^$1 ##p" "$original/links" 2>/dev/null); [ -n "$was" ] || return 0
    if [ -L "$1" ] || { [ -d "$1" ] && ! rmdir "$1" 2>/dev/null; }; then return 0; fi
    rm -f "$1"; ln -s "$was" "$1"
}
# One file as it was, or away.
back() { relink "$1"; if [ -f "$original/files$1" ]; then restore "$original/files$1" "$1"; else rm -f "$1"; fi; }
final() { if [ -f "$here/merged.json" ]; then place "$daemon" 0644 <"$here/merged.json"; else back "$daemon"; fi; }
