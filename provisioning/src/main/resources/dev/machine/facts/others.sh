# other_engines [PID] : who else on the node is a Docker engine, or plays one where a Docker CLI looks for it, beside the engine PID
# that machine looks after; one line engine.other.N each. An engine that has a socket of its own may be there beside ours.
docker_sock=/run/docker.sock

listens_there() { engine_sockets "$1" | grep -qE "^(/var)?$docker_sock "; }

other_engines() {
    number=0 claimed=no
    if [ -n "$1" ] && listens_there "$1"; then claimed=yes; fi
    for process in $(engine_processes); do
        [ "$process" != "$1" ] || continue
        # A program that an engine has just started is called as the engine is, for a moment.
        [ -z "$1" ] || ! grep -q "^PPid:[[:space:]]*$1\$" "/proc/$process/status" 2>/dev/null || continue
        if listens_there "$process"; then claimed=yes; elif [ -n "$1" ]; then continue; fi
        unit=$(process_unit "$process")
        program=$(tr '\0' '\n' <"/proc/$process/cmdline" 2>/dev/null | head -n1)
        other "$program of user $(stat -c %U "/proc/$process" 2>/dev/null), process $process, ${unit:-no service}"
    done
    [ $claimed = yes ] || other_listener
    [ -n "$1" ] || for home in /root /home/*; do
        unit=$home/.config/systemd/user/docker.service
        if [ -f "$unit" ]; then other "a rootless engine of user ${home##*/}, $unit"; fi
    done
}

other() { number=$((number + 1)); say "engine.other.$number" "$1"; }

# What listens there and is no engine's own: podman as a rule. docker.socket alone is an engine that is stopped.
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
