# Makes the running engine read live-restore, which daemon.json has; if it does not, its old configuration is restored:
# keep-containers.sh CERTAIN, which is true if its containers may stop or live-restore is known to be on. Runs after
# live-restore.sh; $daemon and $kept are daemon.json and its copy.
if ! let_go 5 && [ "$1" != true ]; then
    if [ -f "$kept" ]; then cat "$kept" >"$daemon"; else rm -f "$daemon"; fi
    rm -f "$kept"
    running=$(engine_pid); [ -z "$running" ] || kill -HUP "$running"
    echo "the running engine did not turn live-restore on; a restart would stop its containers (--restart-containers allows it)" >&2
    exit 75
fi
rm -f "$kept"
