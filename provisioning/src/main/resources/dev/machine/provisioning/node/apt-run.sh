# Runs a program that survives the end of this connection, prints its progress and waits for it: apt-run.sh LOG PROGRAM SECONDS ORIGINAL WORD…
# shellcheck disable=SC2094 # the log is read while it is written
log=$1 program=$2
# An earlier run may still write to the old file.
rm -f "$log"; : >"$log"
shift 2
setsid sh "$program" "$log" "$@" >>"$log" 2>&1 </dev/null & apt=$!
# The process that prints the progress must not keep our channel open.
{ said=
while kill -0 $apt 2>/dev/null; do
    sleep 0.3 >/dev/null 2>&1; now=$(tail -c 4000 "$log" | tr '\r' '\n' | grep -E '^(Get:[0-9]+ |Err:[0-9]+ |Fetched |Unpacking |Setting up |Removing |Purging |waiting for )' | tail -n1 | cut -c1-160)
    if [ -n "$now" ] && [ "$now" != "$said" ]; then printf '%s\n' "$now"; said=$now; fi
done; } & telling=$!
status=0; wait $apt || status=$?
kill $telling 2>/dev/null || true
[ $status -eq 0 ] || exit $status
