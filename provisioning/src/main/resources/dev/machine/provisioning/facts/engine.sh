# Functions that find out the state of a running engine by its process, its unit, its sockets and its own answer. They use no
# well-known paths, because options, packages and owners move them. They only read, and need coreutils, sed, awk and grep; the
# engine's socket is asked by perl (essential on Debian) or by curl.
# shellcheck disable=SC2012,SC2119,SC2120 # names in /proc/PID/fd are numbers; functions are called from other files, too

# engine_processes : prints the processes of engines, one a line. Engines in containers have their own pid namespace and are left out.
engine_processes() {
    ours=$(readlink /proc/self/ns/pid || true)
    for comm in $(grep -lE '^(dockerd|docker|balena|qemu-)' /proc/[0-9]*/comm 2>/dev/null || true); do
        candidate=${comm#/proc/}; candidate=${candidate%/comm}
        case $(cat "$comm" 2>/dev/null || true)' '$(tr '\0' ' ' <"/proc/$candidate/cmdline" 2>/dev/null || true) in
            dockerd\ ?* | qemu-*[/\ ]dockerd\ * | balenad\ * | balena-engine-d* | docker\ *\ daemon\ * | docker\ *\ -d\ *) ;;
            *) continue ;;
        esac
        theirs=$(readlink "/proc/$candidate/ns/pid" 2>/dev/null || true)
        [ "${theirs:-$ours}" = "$ours" ] || continue
        echo "$candidate"
    done
}

# process_unit PID : the systemd unit that a process belongs to, by its cgroup.
process_unit() { grep -oE '[^/]+\.(service|scope)' "/proc/$1/cgroup" 2>/dev/null | tail -n1 || true; }

process_user() { stat -c %u "/proc/$1" 2>/dev/null || true; }

# started_by_init PID : whether /etc/init.d/docker started a process, by the script's pid file; a script without one is asked for its
# status. The script does not control an engine that was started by hand.
started_by_init() {
    if ! grep -qs SSD_PIDFILE /etc/init.d/docker; then /etc/init.d/docker status >/dev/null 2>&1 </dev/null; return; fi
    book=
    [ ! -f /etc/default/docker ] || book=$(sed -n 's/^[[:space:]]*DOCKER_SSD_PIDFILE=["'\'']*\(\/[^"'\''[:space:]]*\).*/\1/p' /etc/default/docker 2>/dev/null | tail -n1)
    [ "$(cat "${book:-/run/docker-ssd.pid}" 2>/dev/null)" = "$1" ]
}

# engine_pid : the process of the one engine that machine looks after: root's, started by docker.service or /etc/init.d/docker.
engine_pid() {
    for process in $(engine_processes); do
        [ "$(process_user "$process")" = 0 ] || continue
        if [ -d /run/systemd/system ]; then
            [ "$(process_unit "$process")" = docker.service ] ||
                [ "$(systemctl show -p MainPID docker.service 2>/dev/null || true)" = "MainPID=$process" ] || continue
        elif [ ! -e /etc/init.d/docker ] || ! started_by_init "$process"; then continue; fi
        echo "$process"
        return 0
    done
}

# engine_sockets PID : prints "PATH own" or "PATH systemd" for each unix socket that an engine serves; systemd created the latter and
# has them open, too. systemd always hands over the sockets of docker.socket. The engine does not serve them if its command line names
# only others, or if it has its own one at the same path. daemon.json is not read, because it may be newer than the engine.
# The engine's internal sockets are left out.
engine_sockets() {
    handed=yes
    case " $(tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null || true)" in
        *fd://*) ;;
        *' -H'* | *' --host'*) handed=no ;;
    esac
    {
        ls -l "/proc/$1/fd" | sed -n 's/.*socket:\[\([0-9]*\)\]$/E \1/p'
        ls -l /proc/1/fd | sed -n 's/.*socket:\[\([0-9]*\)\]$/S \1/p'
        sed 's/^/U /' "/proc/$1/net/unix"
    } 2>/dev/null | awk -v handed=$handed '
        function place(path) { sub(/^\/var\/run\//, "/run/", path); return path }
        $1 == "E" { engine[$2] = 1 }
        $1 == "S" { systemd[$2] = 1 }
        # The flag is __SO_ACCEPTCON: it listens.
        $1 == "U" && $5 == "00010000" && ($8 in engine) && $9 ~ /^\// && $9 !~ /\/(metrics|control)\.sock$|\/libnetwork\// {
            if ($8 in systemd) { if (handed == "yes") given[$9] = 1 }
            else { own[place($9)] = 1; print $9, "own" }
        }
        END { for (path in given) if (!(place(path) in own)) print path, "systemd" }' | sort -u || true
}

# engine_ports PID : the TCP ports that a process listens on, in hexadecimal.
engine_ports() {
    {
        ls -l "/proc/$1/fd" | sed -n 's/.*socket:\[\([0-9]*\)\]$/E \1/p'
        for table in tcp tcp6; do if [ -r "/proc/$1/net/$table" ]; then sed 's/^/T /' "/proc/$1/net/$table"; fi; done
    } 2>/dev/null | awk '
        $1 == "E" { engine[$2] = 1 }
        $1 == "T" && $5 == "0A" && ($11 in engine) { sub(/.*:/, "", $3); print $3 }' | sort -u || true
}

# ask_engine SOCKET|PORT : the JSON of its /info, by a unix socket or a port of loopback without TLS.
ask_engine() {
    if command -v perl >/dev/null; then
        perl -MIO::Socket::UNIX -MIO::Socket::INET -e '
            alarm 10; my $at = $ARGV[0];
            my $s = $at =~ m{^/} ? IO::Socket::UNIX->new(Peer => $at) : IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $at) or exit 1;
            print $s "GET /info HTTP/1.0\r\n\r\n"; my ($all, $part) = ("");
            while (read($s, $part, 65536)) { $all .= $part; exit 1 if length $all > 4000000 }
            $all =~ s/^HTTP\S+ 200 .*?\r\n\r\n//s && $all =~ /"DockerRootDir"/ or exit 1; print $all' "$1" 2>/dev/null
    else
        case $1 in
            /*) curl -sf --max-time 10 --max-filesize 4000000 --unix-socket "$1" http://docker/info 2>/dev/null ;;
            *) curl -sf --max-time 10 --max-filesize 4000000 --noproxy '*' "http://127.0.0.1:$1/info" 2>/dev/null ;;
        esac
    fi
}

# engine_info [PID] : prints the engine's answer to /info; fails if it does not answer on this node.
engine_info() {
    asked=${1:-$(engine_pid)}
    [ -n "$asked" ] || return 1
    for socket in $(engine_sockets "$asked" | cut -d' ' -f1); do
        if [ -S "$socket" ] && ask_engine "$socket"; then return 0; fi
    done
    [ -z "$(engine_sockets "$asked")" ] || return 1
    # 2377 and 7946 are the swarm's own.
    for port in $(engine_ports "$asked" | grep -vxE '0949|1F0A' || true); do
        if ask_engine "$((0x$port))"; then return 0; fi
    done
    return 1
}

# info_value KEY : the first value of a key in an engine's answer on standard input.
info_value() { grep -oE "\"$1\":(\"[^\"]*\"|[^,}]*)" | head -n1 | sed -e 's/^"[^"]*"://' -e 's/^"//' -e 's/"$//' || true; }

# live true|false : whether live-restore has this value in the running engine.
live() { [ "$(engine_info | info_value LiveRestoreEnabled)" = "$1" ]; }

# await_live true|false SECONDS : waits for this value; after a SIGHUP the engine needs a moment.
await_live() { for try in $(seq $(($2 * 4))); do if live "$1"; then return 0; fi; sleep 0.25; done; return 1; }
