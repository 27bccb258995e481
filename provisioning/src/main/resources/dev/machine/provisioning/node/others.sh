# other_engines [PID] : who else on the node is a Docker engine, or plays one where a Docker CLI looks for it, beside the engine PID
# that machine looks after; one line engine.other.N each. An engine that has a socket of its own may be there beside ours.
# shellcheck disable=SC2010,SC2012 # names in /proc/PID/fd are numbers
docker_sock=/run/docker.sock

# An engine in a container has a /run of its own, even where it shares the processes of the node.
listens_there() { [ "/proc/$1/root/run/." -ef /run/. ] && engine_sockets "$1" | grep -qE "^(/var)?$docker_sock "; }

# reads_ours PID : whether an engine reads the daemon.json that machine writes for another one, and would not start again with it.
reads_ours() {
    [ "$(process_user "$1")" = 0 ] && [ "/proc/$1/root/." -ef /. ] || return 1
    # The word itself or the one behind it.
    file=$(tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | sed -n -e 's/^--\{0,1\}config-file=//p' -e '/^--\{0,1\}config-file$/{n;p;}' | tail -n1)
    case ${file:-/etc/docker/daemon.json} in /etc/docker/daemon.json) ;; *) [ "$file" -ef /etc/docker/daemon.json ] ;; esac
}

other_engines() {
    number=0 claimed=no
    if [ -n "$1" ] && listens_there "$1"; then claimed=yes; fi
    for process in $(engine_processes); do
        [ "$process" != "$1" ] || continue
        # A program that an engine has just started is called as the engine is, for a moment.
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
