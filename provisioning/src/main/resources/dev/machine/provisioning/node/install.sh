# Installs packages, after apt.sh: LEAVE PACKAGE[=VERSION]… PACKAGE-…
# What an earlier run or another hand left half done is mended on the way. LEAVE yes: what is there may go, and is kept for
# `rm --purge`; else apt is to stop rather than remove anything.
leave=$1
shift
limits=--no-remove
[ "$leave" != yes ] || limits=--allow-change-held-packages

# keep NAME VERSION : what is needed to bring it back: how it was marked, its configuration files, and itself if no source has it.
keep() {
    if grep -q "^$1 " "$original/removed" 2>/dev/null; then return; fi
    mkdir -p "$original/removed-files" "$original/removed-packages"
    mark=$(apt-mark showauto "$1" 2>/dev/null)
    hold=$(apt-mark showhold "$1" 2>/dev/null)
    dpkg-query -W -f '${Conffiles}\n' "$1" | while read -r file rest; do
        if [ -f "$file" ]; then cp -p --parents "$file" "$original/removed-files/"; fi
    done
    known "$1=$2" || repack "$1" || echo "no copy of $1 could be made"
    echo "$1 $2 ${mark:+auto} ${hold:+hold}" >>"$original/removed"
}

# repack NAME : an installed package as a file, from what dpkg knows of it.
repack() {
    tree=$(mktemp -d /var/tmp/machine-repack.XXXXXX) || return 1
    mkdir "$tree/DEBIAN"
    dpkg-query -s "$1" | awk '/^[^ ]/ { skip = /^(Status|Conffiles|Config-Version):/ } !skip' >"$tree/DEBIAN/control"
    for part in preinst postinst prerm postrm config templates triggers shlibs symbols md5sums; do
        file=$(dpkg-query --control-path "$1" "$part" 2>/dev/null) || continue
        if [ -f "$file" ]; then cp -p "$file" "$tree/DEBIAN/$part"; fi
    done
    dpkg-query -W -f '${Conffiles}\n' "$1" | awk '$1 ~ /^\// && $3 != "obsolete" { print $1 }' >"$tree/DEBIAN/conffiles"
    [ -s "$tree/DEBIAN/conffiles" ] || rm "$tree/DEBIAN/conffiles"
    # The links of a merged /usr are no package's.
    dpkg-query -L "$1" | grep '^/' | grep -vxE '/\.|/(s?bin|lib[^/]*)' | tar -C / -P --no-recursion --ignore-failed-read -cf - -T - 2>/dev/null |
        tar -C "$tree" --strip-components=0 -xpf - 2>/dev/null
    chmod 755 "$tree" "$tree/DEBIAN"
    dpkg-deb -Zgzip -z1 -b "$tree" "$original/removed-packages/$(echo "$1" | tr : _).deb" >/dev/null
    status=$?
    rm -rf "$tree"
    return $status
}

keep_what_goes() {
    apt-get -s -q -o APT::Get::AutomaticRemove=false --allow-downgrades $limits install "$@" 2>/dev/null |
        sed -n 's/^\(Remv\|Purg\) \([^ ]*\) \[\([^]]*\)\].*/\2 \3/p' | while read -r name version; do keep "$name" "$version"; done
    # dpkg writes over files that are no package's.
    for file in /usr/bin/docker /usr/sbin/dockerd /usr/bin/dockerd /usr/bin/containerd /usr/bin/ctr /usr/sbin/runc /usr/bin/runc; do
        if [ -e "$file" ] && ! dpkg-query -S "$file" >/dev/null 2>&1; then
            mkdir -p "$original/removed-files"
            [ -e "$original/removed-files$file" ] || cp -a --parents "$file" "$original/removed-files/"
        fi
    done
}

bring() {
    [ "$leave" != yes ] || keep_what_goes "$@"
    apt install --allow-downgrades $limits "$@"
}

mend
updated=no
for package; do known "$package" || { apt update; updated=yes; break; }; done
if [ -z "${APT_CONFIG:-}" ]; then for package; do known "$package" || { update_each; break; }; done; fi
bring "$@" && exit 0
# Half-unpacked packages, or lists that name files which the mirror no longer has.
mend
apt --fix-broken $limits install
[ $updated = yes ] || apt update
bring "$@" && exit 0
# Another package that cannot be configured is not ours to judge.
installed "$@"
