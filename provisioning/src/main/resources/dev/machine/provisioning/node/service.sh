# Functions that start and stop the engine's service. Stand behind engine.sh.

# socket_handed_over : whether the running engine has the socket of docker.socket, and clients find it there.
socket_handed_over() {
    running=$(engine_pid)
    [ -n "$running" ] || return 1
    for socket in $(engine_sockets "$running" | sed -n 's/ systemd$//p'); do
        if [ -S "$socket" ]; then return 0; fi
    done
    return 1
}

# stop_engine : the containers of an engine that has live-restore go on.
stop_engine() {
    if [ -d /run/systemd/system ]; then
        # docker.socket would start it again for the next client; where the engine made the socket itself, it takes that away.
        systemctl stop docker.service 2>&1
    else service docker stop </dev/null >/var/log/machine-restart.log 2>&1; fi
}

# restart_engine : with what is written now. A socket that the engine made itself at the place of docker.socket, or that is lost, is
# made anew by systemd before the engine comes, which is possible only while it is stopped.
restart_engine() {
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        # A unit that failed too often does not start again before reset-failed.
        systemctl reset-failed docker.service docker.socket 2>/dev/null || true
        if systemctl -q is-active docker.socket && ! socket_handed_over; then
            stop_engine
            systemctl restart docker.socket 2>&1
        fi
        systemctl restart docker.service 2>&1
    else
        service docker restart </dev/null >/var/log/machine-restart.log 2>&1 || service docker start </dev/null >>/var/log/machine-restart.log 2>&1
    fi
}

# let_go : the running engine will leave its containers alone when it stops; daemon.json says so by now.
let_go() {
    if live true; then return 0; fi
    running=$(engine_pid)
    [ -z "$running" ] || kill -HUP "$running"
    await_live true "$1"
}

# forget_live_restore : the engine that has taken its containers up again; daemon.json says so by now.
forget_live_restore() {
    running=$(engine_pid)
    [ -z "$running" ] || kill -HUP "$running"
    await_live false 15
}
