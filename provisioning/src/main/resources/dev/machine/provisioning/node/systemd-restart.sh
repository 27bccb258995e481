# Restarts docker.service with its current files. If the engine created the socket of docker.socket itself, or the socket is lost, systemd
# creates it again first, which is possible only while the engine is stopped. Runs after engine.sh.

# socket_handed_over : whether the running engine has the socket of docker.socket, and it still has its path.
socket_handed_over() {
    running=$(engine_pid)
    [ -n "$running" ] || return 1
    for socket in $(engine_sockets "$running" | sed -n 's/ systemd$//p'); do
        if [ -S "$socket" ]; then return 0; fi
    done
    return 1
}

systemctl daemon-reload
# A unit that failed too often does not start before reset-failed.
systemctl reset-failed docker.service docker.socket 2>/dev/null || true
if systemctl -q is-active docker.socket && ! socket_handed_over; then
    stop_engine
    systemctl restart docker.socket 2>&1
fi
systemctl restart docker.service 2>&1
