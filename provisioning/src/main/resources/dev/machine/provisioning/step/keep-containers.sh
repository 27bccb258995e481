# Has the running engine take live-restore up, which daemon.json has by now; one that does not keeps its old configuration:
# keep-containers.sh CERTAIN, which is true if its containers may stop or are known to be kept. Stands behind
# live-restore.sh; $daemon and $kept are daemon.json and the copy of it.
if ! let_go 5 && [ "$1" != true ]; then
    if [ -f "$kept" ]; then cat "$kept" >"$daemon"; else rm -f "$daemon"; fi
    rm -f "$kept"
    running=$(engine_pid); [ -z "$running" ] || kill -HUP "$running"
    echo "the running engine did not turn live-restore on; a restart would stop its containers (--restart-containers lets it)" >&2
    exit 75
fi
rm -f "$kept"
