# Prints what was kept of a node in ORIGINAL, and which of machine's files are still there, as KEY=VALUE lines: before.sh ORIGINAL MANAGED PAIR DAEMON_JSON
# Reads only. Runs after the functions of PackageManager.
# shellcheck disable=SC2027,SC2086 # lists of packages are meant to be split into words
original=$1 daemon=$1/files$4
if [ -e "$2" ] || [ -e "$3" ]; then echo touched=yes; fi
[ -d "$original" ] || exit 0
echo known=yes
[ ! -e "$original/cleared" ] || echo cleared=yes
[ ! -f "$daemon" ] || echo "daemon=$(base64 -w0 "$daemon")"
echo "enabled=$(cat "$original/enabled" 2>/dev/null || true)"; echo "active=$(cat "$original/active" 2>/dev/null || true)"
for kind in containers volumes; do
    if [ -n "$(find /var/lib/docker/$kind -mindepth 1 -maxdepth 1 -type d 2>/dev/null | head -n1)" ]; then echo "data=$kind"; fi
done
if [ -n "$(find /var/lib/docker/image /var/lib/containerd/io.containerd.content.v1.content -path '*/content/sha256/*' -o -path '*/blobs/sha256/*' 2>/dev/null | head -n1)" ]; then echo data=images; fi
if [ -f "$original/removed" ]; then
    while read -r name version marks; do
        is_installed "$name" || echo "removed=$name $version"
    done <"$original/removed"
fi
[ ! -d "$original/removed-files" ] || echo removed-files=yes
# Without this file the engine was there before machine, and its packages stay.
[ -f "$original/packages-before" ] || exit 0
program=$(command -v dockerd || true)
[ -n "$program" ] || echo engine=gone
if [ -f "$original/packages" ]; then ours=$(installed_packages | comm -12 - "$original/packages")
# After a power cut between dpkg and our list, the engine's packages are found by their names.
else ours=$(installed_packages | comm -13 "$original/packages-before" - | engine_packages); fi
ours=$(echo "$ours" | short_names)
# Packages of others that would be removed together with the named ones.
others() { goes_with "$@" | grep -vxF "$ours" || true; }
go=$ours
if [ -n "$ours" ] && [ -n "$(others $ours)" ]; then
    go=
    for package in $ours; do
        if [ -z "$(others "$package")" ]; then go="$go $package"; else echo "kept=$package"; fi
    done
fi
for package in $go; do echo "purged=$package"; done
if [ -n "$program" ] && owner=$(owner_of "$(readlink -f "$program")") && echo " "$go" " | grep -q " $owner "; then echo engine=goes; fi
