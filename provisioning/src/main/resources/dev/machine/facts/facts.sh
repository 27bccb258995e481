# Prints what a node is as KEY=VALUE lines; values that may have several lines are base64. Reads only.
# Needs no tool beyond coreutils, sed, awk and grep; what is missing on a node is simply not printed.
say() { printf '%s=%s\n' "$1" "$2"; }
file() { if [ -f "$2" ]; then say "file.$1" "$(base64 -w0 "$2")"; fi; }

if [ -r /etc/os-release ]; then (
    . /etc/os-release
    say os.id "${ID:-}"; say os.like "${ID_LIKE:-}"; say os.version "${VERSION_ID:-}"; say os.name "${PRETTY_NAME:-}"
    say os.suite "${UBUNTU_CODENAME:-${DEBIAN_CODENAME:-${VERSION_CODENAME:-}}}"
); fi
say kernel "$(uname -r)"
say machine "$(uname -m)"
say userland "$(dpkg --print-architecture 2>/dev/null || true)"
say hostname "$(uname -n)"
say clock "$(date +%s)"
if [ -d /run/systemd/system ]; then say init systemd
elif [ -d /etc/init.d ] && command -v update-rc.d >/dev/null 2>&1; then say init sysvinit
else say init unknown; fi
if [ "$(stat -fc %T /sys/fs/cgroup 2>/dev/null)" = cgroup2fs ]; then say cgroup v2; else say cgroup v1; fi
# Off is what a Raspberry Pi's default command line makes of it: listed, but not enabled.
if grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null \
    || awk '$1 == "memory" && $4 == 1 { found = 1 } END { exit !found }' /proc/cgroups 2>/dev/null
then say cgroup.memory yes; else say cgroup.memory no; fi
# Since Debian 12 the first one counts, and the other says so.
for boot in /boot/firmware/cmdline.txt /boot/cmdline.txt; do
    [ -f "$boot" ] || continue
    say boot.cmdline "$boot"
    if grep -qw cgroup_enable=memory "$boot"; then say boot.cmdline.memory yes; fi
    break
done
if awk '$2 == "/" { options = $4 } END { exit options !~ /(^|,)ro(,|$)/ }' /proc/mounts 2>/dev/null; then say disk.readonly yes; fi
say disk.free.etc.kb "$(df -Pk /etc 2>/dev/null | awk 'NR == 2 { print $4 }')"
say disk.free.kb "$(df -Pk /var/lib 2>/dev/null | awk 'NR == 2 { print $4 }')"
say machine.id "$(cat /etc/machine-id 2>/dev/null || true)"
# The engine's own id: newer ones keep it where their data is, older ones as the name of their key.
if [ -s /var/lib/docker/engine-id ]; then say engine.id "$(cat /var/lib/docker/engine-id)"
elif [ -s /etc/docker/key.json ]; then say engine.id "$(sed -n 's/.*"kid":"\([^"]*\)".*/\1/p' /etc/docker/key.json)"; fi
say apt "$(command -v apt-get || true)"

# Its last stage writes the result; until then it may install packages and restart services.
if [ -d /run/cloud-init ] && [ ! -e /run/cloud-init/disabled ] && [ ! -e /run/cloud-init/result.json ]; then say cloud-init running; fi

# dpkg locks with fcntl, so /proc/locks knows the holder: its sixth field ends in the inode.
if [ -e /var/lib/dpkg/lock-frontend ]; then
    for lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock; do
        [ -e "$lock" ] || continue
        holder=$(awk -v inode=":$(stat -c %i "$lock")$" '$6 ~ inode { print $5; exit }' /proc/locks 2>/dev/null || true)
        [ -z "$holder" ] || say dpkg.lock "$(tr '\0' ' ' <"/proc/$holder/cmdline" 2>/dev/null | cut -c1-60) (process $holder)"
    done
fi

say engine.binary "$(command -v dockerd || true)"
for package in docker.io docker-ce moby-engine; do
    state=$(dpkg-query -W -f='${db:Status-Status} ${Version}' "$package" 2>/dev/null || true)
    case $state in
        'installed '*) say engine.package "$package"; say engine.version "${state#installed }" ;;
    esac
done
if [ -x "$(command -v dockerd)" ]; then
    pid=$(cat /run/docker.pid 2>/dev/null || true)
    case $(cat "/proc/${pid:-none}/comm" 2>/dev/null) in dockerd*|docker*|qemu-*) say engine.pid "$pid" ;; esac
    # One directory a running container, as containerd 1.x and 2.x keep them.
    say engine.running "$(ls -d /run/containerd/io.containerd.runtime.v2.task/moby/* /run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/* /var/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/* 2>/dev/null | sort -u | sed 's#.*/##' | sort -u | grep -c . || true)"
    if [ -d /var/lib/docker/swarm ] && [ -f /var/lib/docker/swarm/docker-state.json ]; then
        grep -q '"LocalAddr":"[^"]' /var/lib/docker/swarm/docker-state.json && say engine.swarm active
    fi
    if [ -d /run/systemd/system ]; then
        say engine.enabled "$(systemctl is-enabled docker.service 2>/dev/null || true)"
        say engine.unit "$(systemctl cat docker.service 2>/dev/null | base64 -w0 || true)"
        if systemctl cat docker.socket >/dev/null 2>&1; then say engine.socket yes; fi
    elif ls /etc/rc2.d/S*docker >/dev/null 2>&1; then say engine.enabled enabled
    fi
fi
# The storage drivers that hold images; an engine shows those of the one that it is started with.
for layers in /var/lib/docker/image/*/layerdb/sha256; do
    [ -n "$(ls -A "$layers" 2>/dev/null)" ] || continue
    driver=${layers#/var/lib/docker/image/}
    say engine.images."${driver%%/*}" yes
done
port=$(printf '%04X' "$1")
if awk -v port=":$port" '$4 == "0A" && index($2, port) { found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null; then
    say port.taken "$(ss -ltnpH "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n1)"
    say port.busy yes
fi
file daemon.json /etc/docker/daemon.json
file dropin /etc/systemd/system/docker.service.d/10-machine.conf
file ca.pem /etc/docker/ca.pem
file server.pem /etc/docker/server.pem
file default /etc/default/docker
file engine.list /etc/apt/sources.list.d/machine-engine.list
file engine.pref /etc/apt/preferences.d/machine-engine
file engine.asc /etc/apt/keyrings/machine-engine.asc
file managed.json /etc/docker/machine/managed.json
if [ -f /etc/docker/server-key.pem ]; then
    say file.server-key.sha256 "$(sha256sum /etc/docker/server-key.pem | cut -c1-64)"
    say file.server-key.mode "$(stat -c '%a %U' /etc/docker/server-key.pem)"
fi
if [ -f /etc/docker/machine/pair.sha256 ] && sha256sum -c --status /etc/docker/machine/pair.sha256 2>/dev/null; then say pair.whole yes; fi
if [ -e /run/machine-restart-docker ]; then say engine.restart.pending yes; fi
say end yes
