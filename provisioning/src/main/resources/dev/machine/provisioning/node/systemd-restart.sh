# Restarts docker.service with what is written now. A socket that the engine made itself at the place of docker.socket, or that is lost,
# is made anew by systemd before the engine comes, which is possible only while it is stopped. Stands behind engine.sh.

# socket_handed_over : whether the running engine has the socket of docker.socket, and clients find it there.
socket_handed_over() {
    running=$(engine_pid)
    [ -n "$running" ] || return 1
    for socket in $(engine_sockets "$running" | sed -n 's/ systemd$//p'); do
        if [ -S "$socket" ]; then return 0; fi
    done
    return 1
}

systemctl daemon-reload
# A unit that failed too often does not start again before reset-failed.
systemctl reset-failed docker.service docker.socket 2>/dev/null || true
if systemctl -q is-active docker.socket && ! socket_handed_over; then
    stop_engine
    systemctl restart docker.socket 2>&1
fi
systemctl restart docker.service 2>&1
