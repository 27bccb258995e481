# Prints the facts of a node as KEY=VALUE lines; values that may have several lines are base64. Reads only. Runs after engine.sh,
# others.sh and the functions service_manager, package_managers and managed_files.
# Needs coreutils, sed, awk and grep; a fact that a node does not have is not printed.
# shellcheck disable=SC2002,SC2010 # files that may be missing are read by cat; folders of containers are named by the engine
say() { printf '%s=%s\n' "$1" "$2"; }
secret() { if [ -f "$2" ]; then say "file.$1.sha256" "$(sha256sum "$2" | cut -c1-64)"; say "file.$1.mode" "$(stat -Lc '%a %U' "$2")"; fi; }
file() { if [ -f "$2" ]; then say "file.$1" "$(base64 -w0 "$2" 2>/dev/null || base64 "$2" | tr -d '\n')"; fi; }
# If a file is missing, some awks (mawk) read none of the files. cat on a pipe would wait, so only regular files are read.
lines() { for file in "$@"; do [ ! -f "$file" ] || cat "$file" 2>/dev/null || true; done; }

if [ -f /etc/os-release ]; then (
    . /etc/os-release
    say os.id "${ID:-}"; say os.like "${ID_LIKE:-}"; say os.version "${VERSION_ID:-}"; say os.name "${PRETTY_NAME:-}"
    say os.suite "${UBUNTU_CODENAME:-${DEBIAN_CODENAME:-${VERSION_CODENAME:-}}}"
); fi
say kernel "$(uname -r)"
say machine "$(uname -m)"
say userland "$(dpkg --print-architecture 2>/dev/null || true)"
say hostname "$(uname -n)"
say clock "$(date +%s)"
service_manager
if [ "$(stat -fc %T /sys/fs/cgroup 2>/dev/null)" = cgroup2fs ]; then say cgroup v2; else say cgroup v1; fi
# A Raspberry Pi's default command line turns it off: it is listed, but not enabled.
if grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null \
    || lines /proc/cgroups | awk '$1 == "memory" && $4 == 1 { found = 1 } END { exit !found }'
then say cgroup.memory yes
elif [ -e /sys/fs/cgroup/cgroup.controllers ] || [ -e /proc/cgroups ]; then say cgroup.memory no; fi
# Since Debian 12 the first one counts; the second then only points to it.
for boot in /boot/firmware/cmdline.txt /boot/cmdline.txt; do
    [ -f "$boot" ] || continue
    say boot.cmdline "$boot"
    if grep -qw cgroup_enable=memory "$boot"; then say boot.cmdline.memory yes; fi
    break
done
if lines /proc/mounts | awk '$2 == "/" { options = $4 } END { exit ("," options ",") !~ /,ro,/ }'; then say disk.readonly yes; fi
say disk.free.etc.kb "$(df -Pk /etc 2>/dev/null | awk 'NR == 2 { print $4 }')"
say disk.free.kb "$(df -Pk /var/lib 2>/dev/null | awk 'NR == 2 { print $4 }')"
say addresses "$(hostname -I 2>/dev/null || true)"
say machine.id "$(lines /etc/machine-id)"

# Its last stage writes the result; until then it may install packages and restart services.
if [ -d /run/cloud-init ] && [ ! -e /run/cloud-init/disabled ] && [ ! -e /run/cloud-init/result.json ]; then say cloud-init running; fi

package_managers
if [ -d /run/systemd/system ]; then
    say engine.unit "$(systemctl cat docker.service 2>/dev/null | base64 -w0 || true)"
    # One call for all units. The last ones are units of other engines.
    systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState docker.service docker.socket containerd.service \
        snap.docker.dockerd.service docker.io.service moby-engine.service balena.service balena-engine.service dockerd.service 2>/dev/null |
        awk -F= '{ value[$1] = $2 } /^$/ { print_unit() } END { print_unit() }
            function print_unit() { if (value["Id"] != "" && value["LoadState"] != "not-found")
                print "unit." value["Id"] "=" value["LoadState"] " " value["ActiveState"] " " value["UnitFileState"]; delete value["Id"] }'
    say engine.needs "$(systemctl show -p Requires -p Requisite -p BindsTo docker.service 2>/dev/null | sed 's/^[^=]*=//' | tr '\n' ' ')"
fi
pid=$(engine_pid)
root=
if [ -n "$pid" ]; then
    say engine.pid "$pid"
    say engine.arguments "$(tr '\0' '\n' <"/proc/$pid/cmdline" | base64 -w0)"
    sockets=$(engine_sockets "$pid")
    say engine.sockets "$(echo "$sockets" | tr ' \n' '= ')"
    for socket in $(echo "$sockets" | cut -d' ' -f1); do [ ! -S "$socket" ] || { say engine.local "$socket"; break; }; done
    info=$(engine_info "$pid" || true)
    if [ -n "$info" ]; then
        say engine.answers yes
        root=$(echo "$info" | info_value DockerRootDir)
        say engine.id "$(echo "$info" | info_value ID)"
        say engine.running "$(echo "$info" | info_value ContainersRunning)"
        say engine.holds "$(($(echo "$info" | info_value Containers) + $(echo "$info" | info_value Images)))"
        say engine.driver "$(echo "$info" | info_value Driver)"
        case $(echo "$info" | info_value LocalNodeState) in ''|inactive) ;; *) say engine.swarm active ;; esac
    fi
fi
# If the engine does not run or answer, the shims of its containers are counted.
[ -n "${info:-}" ] || say engine.running "$(grep -lE '^containerd-shim' /proc/[0-9]*/comm 2>/dev/null | while read -r comm; do
    tr '\0' ' ' <"${comm%/comm}/cmdline"; echo; done 2>/dev/null | grep -c -e '-namespace moby ' || true)"
program=$(cat "/proc/${pid:-none}/cmdline" 2>/dev/null | tr '\0' '\n' | grep -m1 -E '^/.*(dockerd|docker)$' || true)
[ -n "$program" ] || program=$(systemctl show -p ExecStart docker.service 2>/dev/null | sed -n 's/.*[{ ]path=\([^ ;]*\).*/\1/p' | head -n1)
[ -z "$program" ] || [ -x "$program" ] || say engine.unit.missing "$program"
[ -n "$program" ] && [ -x "$program" ] || program=$(command -v dockerd || true)
say engine.binary "$program"
# The place of the engine's data, if it does not answer.
configured=$(lines /etc/docker/daemon.json | tr -d '\n' | sed -n 's/.*"\(data-root\|graph\)"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\2/p')
[ -n "$root" ] || root=${configured:-/var/lib/docker}
say engine.root "$root"
# The real paths of the data folders that files name: an engine reports the targets of links.
{ echo /var/lib/docker; { lines /etc/docker/daemon.json /etc/default/docker; systemctl cat docker.service; } 2>/dev/null |
    sed -n -e 's/.*"\(data-root\|graph\)"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\2/p' -e 's/.*\(--data-root\|--graph\|-g\)[= ]*["'\'']*\(\/[^ "'\'']*\).*/\2/p'; } |
    sed 's#\(.\)/*$#\1#' | sort -u | while read -r path; do
        real=$(readlink -f "$path" 2>/dev/null || true)
        [ -z "$real" ] || [ "$real" = "$path" ] || say "real.$path" "$real"
    done
if [ -z "${info:-}" ]; then
    say engine.holds "$(ls -d "$root"/containers/?* "$root"/[0-9]*.[0-9]*/containers/?* 2>/dev/null | grep -c . || true)"
    # Newer engines keep their id with their data; of older ones it is the name of their key.
    if [ -s "$root/engine-id" ]; then say engine.id "$(cat "$root/engine-id")"
    elif [ -s /etc/docker/key.json ]; then say engine.id "$(sed -n 's/.*"kid":"\([^"]*\)".*/\1/p' /etc/docker/key.json)"; fi
    if grep -qs '"LocalAddr":"[^"]' "$root/swarm/docker-state.json"; then say engine.swarm active; fi
fi
other_engines "$pid"
# The storage drivers that hold images; an engine only shows the images of its current one.
for layers in "$root"/image/*/layerdb/sha256 "$root"/[0-9]*.[0-9]*/image/*/layerdb/sha256; do
    [ -n "$(ls -A "$layers" 2>/dev/null)" ] || continue
    driver=${layers%/layerdb/sha256}
    say engine.images."${driver##*/}" yes
done
port=$(printf '%04X' "$1")
if lines /proc/net/tcp /proc/net/tcp6 | awk -v port=":$port" '$4 == "0A" && index($2, port) { found = 1 } END { exit !found }'; then
    say port.taken "$(ss -ltnpH "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n1)"
    say port.busy yes
fi
# Files that cannot be written: a broken link, or a folder or device in the place of a file.
for path in /etc/docker /etc/docker/machine /etc/systemd/system/docker.service.d /var/lib/docker /var/lib/containerd; do
    # The data folders of an installed engine are not checked.
    case $path in /var/*) [ -z "$program" ] || continue ;; esac
    if [ -L "$path" ] && [ ! -e "$path" ]; then say "bad.$path" "link $(readlink "$path")"
    elif [ -e "$path" ] && [ ! -d "$path" ]; then say "bad.$path" no-folder; fi
done
for path in /etc/docker/daemon.json /etc/docker/ca.pem /etc/docker/server.pem /etc/docker/server-key.pem \
    /etc/systemd/system/docker.service.d/10-machine.conf /etc/docker/machine/managed.json; do
    if [ -L "$path" ] && [ ! -e "$path" ]; then say "bad.$path" "link $(readlink "$path")"
    elif [ -e "$path" ] && [ ! -f "$path" ]; then say "bad.$path" no-file; fi
done
# Root can write unless a mount is read-only or chattr forbids it; for a missing file its folder is checked.
forbidden() {
    if lsattr -d "$1" 2>/dev/null | grep -q '^[^ ]*[ia]'; then echo immutable
    elif ! [ -w "$1" ]; then echo read-only; fi
}
if [ "$(id -u)" = 0 ] && [ -w / ]; then
    for path in /etc/docker/machine /etc/docker/daemon.json /etc/docker/ca.pem /etc/docker/server.pem /etc/docker/server-key.pem \
        /etc/systemd/system/docker.service.d/10-machine.conf /etc/docker/machine/managed.json /etc/default/docker; do
        case $path in /etc/systemd/*) [ -d /run/systemd/system ] || continue ;; /etc/default/*) [ -f "$path" ] || continue ;; esac
        while [ ! -e "$path" ] && [ ! -L "$path" ] && [ -n "$path" ]; do path=${path%/*}; done
        [ ! -e "$path" ] || readlink -f "$path"
        # A file is replaced in its folder, so the folder is checked, too.
        case $path in /etc/docker/*) echo /etc/docker ;; esac
    done | sort -u | while read -r path; do
        why=$(forbidden "$path")
        [ -z "$why" ] || say "bad.$path" "$why"
    done
fi
managed_files
file dropin.before /etc/docker/machine/original/files/etc/systemd/system/docker.service.d/10-machine.conf
if [ -f /etc/docker/machine/pair.sha256 ] && sha256sum -c /etc/docker/machine/pair.sha256 >/dev/null 2>&1; then say pair.whole yes; fi
if [ -e /run/machine-restart-docker ]; then say engine.restart.pending yes; fi
say end yes
