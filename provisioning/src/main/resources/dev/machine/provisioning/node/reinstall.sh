# Installs the packages again that the installation removed; runs after apt.sh. Its output goes to LOG; lines that begin with "note: "
# are for the user. Nothing is removed for them: an engine that stays is more important.
# shellcheck disable=SC2086 # lists of options and packages are meant to be split into words
there() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Before the packages: dpkg keeps existing configuration files, and does not create missing ones.
if [ -d "$original/removed-files" ]; then (
    cd "$original/removed-files" && find . ! -type d | while read -r file; do
        file=${file#.}
        if [ ! -e "$file" ] && [ ! -L "$file" ]; then mkdir -p "${file%/*}"; cp -a ".$file" "$file"; fi
    done
); fi
[ -f "$original/removed" ] || exit 0
await_locks
dpkg --configure -a --force-confdef --force-confold
updated=no
wanted=
while read -r name version marks; do
    if there "$name"; then continue; fi
    copy=$original/removed-packages/$(echo "$name" | tr : _).deb
    if [ -f "$copy" ]; then wanted="$wanted $copy"; continue; fi
    if ! known "$name=$version" && [ $updated = no ]; then apt update; updated=yes; fi
    if known "$name=$version"; then wanted="$wanted $name=$version"
    elif known "$name"; then wanted="$wanted $name"; echo "note: $name $version is in no package source any more: the version that is there was installed"
    else echo "note: $name $version was removed for the engine and is in no package source any more: install it by hand"; fi
done <"$original/removed"
[ -n "$wanted" ] || exit 0
apt install --no-remove --allow-downgrades $wanted || { [ -z "$(command -v dockerd)" ] && exit 1; echo "note:$wanted could not come back beside the engine that stays"; }
while read -r name version marks; do
    there "$name" || continue
    case " $marks " in *' auto '*) apt-mark -q auto "$name" >/dev/null ;; *) apt-mark -q manual "$name" >/dev/null ;; esac
    case " $marks " in *' hold '*) apt-mark -q hold "$name" >/dev/null ;; esac
done <"$original/removed"
exit 0
