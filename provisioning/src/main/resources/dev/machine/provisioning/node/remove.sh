# Removes packages, also if this connection ends: remove.sh ORIGINAL PACKAGE…
# A package that was removed but not purged before machine gets that state again.
original=$1; log=/run/machine-remove.log; touch "$original/cleared"
original=$(readlink -f "$original")
shift
cat >/run/machine-remove.sh <<'END'
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
original=$1; shift
# dpkg also removes links to folders.
relink() {
    [ ! -f "$original/links" ] || while read -r path target; do
        if [ ! -e "$path" ] && [ ! -L "$path" ]; then ln -s "$target" "$path"; fi
    done <"$original/links"
}
trap relink EXIT
dpkg --configure -a --force-confold
for package; do
    if grep -qxF "$package" "$original/packages-configured"; then removed="$removed $package"; else purged="$purged $package"; fi
done
[ -z "$removed" ] || apt-get -o APT::Get::AutomaticRemove=false -o DPkg::Lock::Timeout=600 remove -y -q $removed || exit 1
[ -z "$purged" ] || apt-get -o APT::Get::AutomaticRemove=false -o DPkg::Lock::Timeout=600 purge -y -q $purged
END
setsid sh /run/machine-remove.sh "$original" "$@" >"$log" 2>&1 </dev/null & apt=$!
wait $apt || { grep -E '^(E:|dpkg: error)' "$log" >&2 || tail -n3 "$log" >&2; exit 1; }
