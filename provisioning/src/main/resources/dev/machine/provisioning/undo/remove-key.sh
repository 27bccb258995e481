# Removes the public key $1, which authorize-key.sh added, from the authorized keys of the current user. Runs after place.sh.
line=$1; cd || exit; file=.ssh/authorized_keys; before=.ssh/machine-before
[ -f "$before" ] || exit 0
read -r folder mode cut <"$before" || true
# Restores the old mode only if the owner has not changed it meanwhile.
widen() { if [ "$(stat -Lc %a "$1")" = "$(printf %o $((0$2 & ~022)))" ]; then chmod "$2" "$1"; fi; }
if [ -f "$file" ] && grep -qxF "$line" "$file"; then
    last=$(tail -n1 "$file")
    # The old last line had no newline.
    if [ "$cut" = cut ] && [ "$last" = "$line" ]; then printf %s "$(grep -vxF "$line" "$file" || true)"
    else grep -vxF "$line" "$file" || true; fi | place "$file" 0600
    [ "$mode" = absent ] || widen "$file" "$mode"
    if [ "$mode" = absent ] && [ ! -s "$file" ] && [ ! -L "$file" ]; then rm "$file"; fi
fi
rm "$before"
if [ "$folder" = absent ]; then rmdir .ssh 2>/dev/null || true; else widen .ssh "$folder"; fi
