# Prints what apt would do to other packages, as KEY=VALUE lines: simulate.sh OURS PACKAGE[=VERSION]…
# Changes nothing: lists are downloaded to a temporary folder. OURS is the list file of a repository that the node does not have yet,
# or empty; APT_CONFIG, if set, names a mirror without lists.
# shellcheck disable=SC2086 # lists of options and packages are meant to be split into words
set -u
export LC_ALL=C
ours=$1 folder=/run/machine-probe own=
shift
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/lists/partial"
lists="-o Dir::State::lists=$folder/lists -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o Acquire::GzipIndexes=true"

simulate() { # simulate PACKAGE…
    apt-get -s -q $own -o APT::Get::AutomaticRemove=false --allow-downgrades --allow-change-held-packages install "$@" >"$folder/said" 2>&1
}

fetch() { # fetch OPTION… : one source that fails is judged by what is missing then; the clock may still be to be set
    apt-get -q $lists -o Acquire::Check-Date=false -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=1 -o Acquire::http::Timeout=20 \
        -o Acquire::https::Timeout=20 "$@" update >>"$folder/fetched" 2>&1
}

if [ -n "$ours" ]; then
    mkdir -p "$folder/parts"
    cp /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources "$folder/parts/" 2>/dev/null
    cp "$ours" "$folder/parts/machine-engine.list"
    for list in /var/lib/apt/lists/*_*; do if [ -f "$list" ]; then ln -s "$list" "$folder/lists/"; fi; done
    fetch -o Dir::Etc::sourcelist="$ours" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
    own="$lists -o Dir::Etc::sourceparts=$folder/parts"
elif [ -n "${APT_CONFIG:-}" ]; then
    fetch
    own=$lists
fi
status=0
simulate "$@" || status=$?
if [ $status != 0 ] && grep -q -e 'fix-broken install' -e 'dpkg --configure -a' "$folder/said"; then
    echo broken=yes
    exit 0
fi
if [ $status != 0 ] && [ -z "${APT_CONFIG:-}" ]; then
    own="$lists ${own:+-o Dir::Etc::sourceparts=$folder/parts}"
    fetch ${own#"$lists"}
    status=0
    simulate "$@" || status=$?
    if [ $status != 0 ] && grep -q '^[EW]: Failed to fetch' "$folder/fetched"; then
        # If one source does not answer, apt skips all others of that host. So each file of sources is updated alone.
        for sources in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
            if [ -s "$sources" ]; then fetch -o Dir::Etc::sourcelist="$sources" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0; fi
        done
        status=0
        simulate "$@" || status=$?
    fi
fi
if [ $status = 0 ]; then
    # dpkg would stop halfway at a package that has a file of the engine but does not declare a conflict.
    programs="/usr/sbin/dockerd /usr/bin/dockerd /usr/bin/containerd /usr/bin/ctr /usr/sbin/runc /usr/bin/runc"
    engine=$(sed -n 's/^Inst docker\.io .*(\([^ ]*\) .*/\1/p' "$folder/said")
    if grep -qE '^Inst docker(-ce)?-cli ' "$folder/said" || { [ -n "$engine" ] && dpkg --compare-versions "$engine" lt 25; }; then programs="$programs /usr/bin/docker"; fi
    blocking=
    if grep -qE '^Inst (docker\.io|docker-ce) ' "$folder/said"; then
        for program in $programs; do
            if [ ! -e "$program" ] && [ ! -L "$program" ]; then continue; fi
            owner=$(dpkg-query -S "$program" 2>/dev/null | sed -n 's/[,:] .*//p' | head -n1)
            case $owner in
                '') echo "overwrite=$program" ;;
                # "diversion by PACKAGE from", "local diversion from": dpkg puts the engine's file elsewhere.
                diversion\ * | local\ diversion\ *) ;;
                docker.io|docker-*|moby-*|containerd|containerd.io|runc|crun|tini) ;;
                *) grep -qE "^(Remv|Inst) ${owner%%:*} " "$folder/said" || case " $blocking " in *" $owner- "*) ;; *) blocking="$blocking $owner-" ;; esac ;;
            esac
        done
    fi
    if [ -n "$blocking" ]; then
        for package in $blocking; do echo "blocking=$package"; done
        simulate "$@" $blocking || status=$?
    fi
fi
held=$(apt-mark showhold 2>/dev/null | tr '\n' ' ')
echo "holds=$held"
if [ $status != 0 ]; then
    cat "$folder/fetched" "$folder/said" >&2 2>/dev/null
    echo failed=yes
    exit 0
fi
sed -n 's/^\(Remv\|Purg\) \([^ ]*\) \[\([^]]*\)\].*/\2 \3/p' "$folder/said" | while read -r name version; do
    echo "remove=$name $version"
done
sed -n 's/^Inst \([^ ]*\) \[\([^]]*\)\] (\([^ ]*\) .*/\1 \2 \3/p' "$folder/said" | while read -r name old new; do
    case " $held " in *" $name "*) echo "held=$name $old" ;; esac
    if dpkg --compare-versions "$new" lt "$old"; then echo "downgrade=$name $old $new"; fi
done
echo end=yes
