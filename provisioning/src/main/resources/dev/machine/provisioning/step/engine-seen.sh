# Says whether the engine is down, starts, or listens on a port: engine-seen.sh PORT, in hexadecimal. Stands behind engine.sh.
running=$(engine_pid)
if [ -z "$running" ]; then echo down
elif engine_ports "$running" | grep -qx "$1"; then echo listens
else echo starts; fi
