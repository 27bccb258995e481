# Written by machine; /etc/init.d/docker reads it through /etc/default/docker. An address in "hosts" of daemon.json that is not there yet
# (DHCP) makes dockerd exit: it is started again every 2 s until it stays, as Restart=on-failure has it under systemd.
# The script calls itself with other words than these.
case ${MACHINE_RETRY:-${1:-}} in
    start | stop | restart | force-reload)
        if [ -f /run/machine-retry.pid ]; then
            case $(tr '\0' ' ' <"/proc/$(cat /run/machine-retry.pid)/cmdline" 2>/dev/null || true) in
                *machine-retry*) kill "$(cat /run/machine-retry.pid)" 2>/dev/null || true ;;
            esac
            rm -f /run/machine-retry.pid
        fi
        ;;
esac
if [ "${MACHINE_RETRY:-${1:-}}" = start ]; then
    MACHINE_RETRY=yes setsid sh -c '
        echo $$ >/run/machine-retry.pid
        # Whoever starts it now is through first.
        while kill -0 "$1" 2>/dev/null; do sleep 1; done
        stays=0
        while [ $stays -lt 5 ]; do
            sleep 2
            if kill -0 "$(cat "$2" 2>/dev/null)" 2>/dev/null; then stays=$((stays + 1)); else stays=0; /etc/init.d/docker start; fi
        done
        rm -f /run/machine-retry.pid
    ' machine-retry $$ "${DOCKER_SSD_PIDFILE:-/var/run/docker-ssd.pid}" </dev/null >/dev/null 2>&1 &
fi
