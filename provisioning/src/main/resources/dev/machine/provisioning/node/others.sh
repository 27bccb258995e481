# other_engines [PID] : prints one line engine.other.N for each other Docker engine on the node, or program at the socket that the
# Docker CLI uses, besides the managed engine PID. An engine with its own socket does not conflict and is left out.
# shellcheck disable=SC2010,SC2012 # names in /proc/PID/fd are numbers
docker_sock=/run/docker.sock

# An engine in a container has its own /run, even if it shares the processes of the node.
listens_there() { [ "/proc/$1/root/run/." -ef /run/. ] && engine_sockets "$1" | grep -qE "^(/var)?$docker_sock "; }

# reads_ours PID : whether another engine reads the daemon.json that machine writes, and would fail at its next start.
reads_ours() {
    [ "$(process_user "$1")" = 0 ] && [ "/proc/$1/root/." -ef /. ] || return 1
    # --config-file=FILE or --config-file FILE.
    file=$(tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | sed -n -e 's/^--\{0,1\}config-file=//p' -e '/^--\{0,1\}config-file$/{n;p;}' | tail -n1)
    case ${file:-/etc/docker/daemon.json} in /etc/docker/daemon.json) ;; *) [ "$file" -ef /etc/docker/daemon.json ] ;; esac
}

other_engines() {
    number=0 claimed=no
    if [ -n "$1" ] && listens_there "$1"; then claimed=yes; fi
    for process in $(engine_processes); do
        [ "$process" != "$1" ] || continue
        # A child process has the engine's name for a moment after its start.
        [ -z "$1" ] || ! grep -q "^PPid:[[:space:]]*$1\$" "/proc/$process/status" 2>/dev/null || continue
        shares=
        if listens_there "$process"; then claimed=yes
        elif [ -z "$1" ]; then :
        elif reads_ours "$process"; then shares=', which reads /etc/docker/daemon.json too, as long as --config-file names no other'
        else continue; fi
        unit=$(process_unit "$process")
        program=$(tr '\0' '\n' <"/proc/$process/cmdline" 2>/dev/null | head -n1)
        other "$program of user $(stat -c %U "/proc/$process" 2>/dev/null), process $process, ${unit:-no service}$shares"
    done
    [ $claimed = yes ] || other_listener
    [ -n "$1" ] || for home in $({ cut -d: -f6 /etc/passwd; ls -d /home/*; } 2>/dev/null | sort -u); do
        unit=$home/.config/systemd/user/docker.service
        if [ -f "$unit" ]; then other "a rootless engine of user ${home##*/}, $unit"; fi
    done
}

other() { number=$((number + 1)); say "engine.other.$number" "$1"; }

# The listener if no engine serves the socket: usually podman. With docker.socket alone the engine is stopped.
other_listener() {
    place=$(readlink -f $docker_sock 2>/dev/null || true)
    inode=$(awk -v place="$place" '$4 == "00010000" && ($8 == place || $8 == "/var" place) { print $7 }' /proc/net/unix 2>/dev/null | tail -n1)
    [ -n "$inode" ] && [ -S "$place" ] || return 0
    if ls -l /proc/1/fd 2>/dev/null | grep -qF "socket:[$inode]" && [ -d /run/systemd/system ]; then
        unit=$(systemctl list-sockets --all --no-legend --no-pager 2>/dev/null | awk -v place="$place" '$1 == place || $1 == "/var" place { print $2; exit }')
        case $unit in docker.socket) return 0 ;; esac
        other "${unit:-a unit of systemd}, which has the socket $place"
        return 0
    fi
    holder=$(ls -l /proc/[0-9]*/fd 2>/dev/null | awk -v socket="socket:[$inode]" '/^\/proc/ { split($1, part, "/"); at = part[3] } $NF == socket { print at; exit }')
    [ -z "$holder" ] || other "$(cat "/proc/$holder/comm" 2>/dev/null), process $holder, which has the socket $place"
}
