# Functions for the packages of Debian and its derivatives. The programs behind it are called as PROGRAM LOG SECONDS ORIGINAL WORD…
# They survive the end of the connection that started them. Their output, in LOG, is for the user. Exit 75: a package lock was held
# for all of SECONDS; the last line says by which process.
# shellcheck disable=SC2002 # a file that may be missing is read by cat, which can be silenced
set -u
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l LC_ALL=C
log=$1 patience=$2 original=$3 waited=0
shift 3

# They all lock with fcntl, so /proc/locks knows the holder: its sixth field ends in the file's inode.
holder() {
    for lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
        [ -e "$lock" ] || continue
        pid=$(cat /proc/locks 2>/dev/null | awk -v inode=":$(stat -c %i "$lock")" \
            '{ at = length($6) - length(inode) + 1 } $2 != "FLOCK" && at > 0 && substr($6, at) == inode { print $5; exit }')
        [ -n "$pid" ] || continue
        name=$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c1-60 | sed 's/ *$//')
        echo "$lock, held by ${name:-a process that is not seen from here} (process $pid)"
        return
    done
}

pause() { # pause WHAT
    [ "$waited" -lt "$patience" ] || { echo "$1"; exit 75; }
    echo "waiting for $1"
    sleep 1
    waited=$((waited + 1))
}

await_locks() {
    while held=$(holder) && [ -n "$held" ]; do pause "$held"; done
}

apt() {
    while :; do
        await_locks
        before=$(wc -c <"$log")
        echo "machine: apt-get $*"
        apt-get -q -y -o APT::Get::AutomaticRemove=false -o DPkg::Lock::Timeout=30 -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 \
            -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" && return 0
        # A process that took the lock after we looked, or is not in /proc/locks, is waited for as well.
        held=$(tail -c +$((before + 1)) "$log" | sed -n 's/^E: Could not get lock //p' | tail -n1)
        [ -n "$held" ] || return 1
        pause "$held"
    done
}

# If one source does not answer, apt skips all others of that host. So each file of sources is updated alone.
update_each() {
    for sources in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        if [ -s "$sources" ]; then
            apt -o Dir::Etc::sourcelist="$sources" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 update || true
        fi
    done
}

# known PACKAGE[=VERSION] : whether a source has it; PACKAGE- is one to be removed.
known() {
    case $1 in
        *-) ;;
        *=*) apt-cache madison "${1%%=*}" | awk -F ' *[|] *' -v version="${1#*=}" '$2 == version { found = 1 } END { exit !found }' ;;
        *) apt-cache policy "$1" | grep -q 'Candidate: [^(]' ;;
    esac
}

installed() {
    for package; do
        case $package in *-) continue ;; esac
        case $(dpkg-query -W -f='${db:Status-Status} ${Version} ' "${package%%=*}" 2>/dev/null) in
            "installed ${package#*=} ") ;;
            'installed '*) case $package in *=*) return 1 ;; esac ;;
            *) return 1 ;;
        esac
    done
}

mend() {
    await_locks
    dpkg --configure -a --force-confdef --force-confold
}
