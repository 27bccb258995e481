# Prints down, starts, or listens if the engine listens on the port: engine-seen.sh PORT, in hexadecimal. Runs after engine.sh.
running=$(engine_pid)
if [ -z "$running" ]; then echo down
elif engine_ports "$running" | grep -qx "$1"; then echo listens
else echo starts; fi
