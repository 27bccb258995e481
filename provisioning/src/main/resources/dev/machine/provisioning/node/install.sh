# Installs packages, after apt.sh: LEAVE PACKAGE[=VERSION]… PACKAGE-…
# Half-finished installations of earlier runs or of others are completed. LEAVE yes: other packages may be removed, and are kept for
# `rm --purge`; otherwise apt fails instead of removing anything.
leave=$1
shift
limits=--no-remove
[ "$leave" != yes ] || limits=--allow-change-held-packages

# keep NAME VERSION : keeps what is needed to install it again: its marks, its configuration files, and a copy if no source has it.
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

# repack NAME : makes a package file from an installed package.
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
    # The links of a merged /usr belong to no package.
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
    # dpkg overwrites files that belong to no package.
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
# The reason may be half-unpacked packages, or old lists with files that the mirror does not have any more.
mend
apt --fix-broken $limits install
[ $updated = yes ] || apt update
bring "$@" && exit 0
# A failure of another package does not matter.
installed "$@"
