# Takes the public key $1 out of the authorized keys of whoever runs this, which authorize-key.sh added. Stands behind place.sh.
line=$1; cd || exit; file=.ssh/authorized_keys; before=.ssh/machine-before
[ -f "$before" ] || exit 0
read -r folder mode cut <"$before" || true
# Only what we took of a mode comes back: what the owner narrowed meanwhile stays so.
widen() { if [ "$(stat -Lc %a "$1")" = "$(printf %o $((0$2 & ~022)))" ]; then chmod "$2" "$1"; fi; }
if [ -f "$file" ] && grep -qxF "$line" "$file"; then
    last=$(tail -n1 "$file")
    # We had ended a last line that had no newline.
    if [ "$cut" = cut ] && [ "$last" = "$line" ]; then printf %s "$(grep -vxF "$line" "$file" || true)"
    else grep -vxF "$line" "$file" || true; fi | place "$file" 0600
    [ "$mode" = absent ] || widen "$file" "$mode"
    if [ "$mode" = absent ] && [ ! -s "$file" ] && [ ! -L "$file" ]; then rm "$file"; fi
fi
rm "$before"
if [ "$folder" = absent ]; then rmdir .ssh 2>/dev/null || true; else widen .ssh "$folder"; fi
