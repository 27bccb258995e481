# Functions that restore the files from before machine: restore.sh ORIGINAL DAEMON_JSON. Run after place.sh.
# `back FILE` restores or removes one file; `final` restores daemon.json, but keeps what others set meanwhile.
original=$1 here=/etc/docker/machine daemon=$2
# Restores a link that is missing or was replaced; a link with another target is the owner's.
relink() {
    was=$(sed -n "s#^$1 ##p" "$original/links" 2>/dev/null); [ -n "$was" ] || return 0
    if [ -L "$1" ] || { [ -d "$1" ] && ! rmdir "$1" 2>/dev/null; }; then return 0; fi
    rm -f "$1"; ln -s "$was" "$1"
}
# Restores or removes one file.
back() { relink "$1"; if [ -f "$original/files$1" ]; then restore "$original/files$1" "$1"; else rm -f "$1"; fi; }
final() { if [ -f "$here/merged.json" ]; then place "$daemon" 0644 <"$here/merged.json"; else back "$daemon"; fi; }
