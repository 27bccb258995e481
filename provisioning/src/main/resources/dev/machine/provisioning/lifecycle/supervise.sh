# Runs an endpoint, and starts it again when its JVM ended for want of memory or crashed. Who stops
# or kills it means it: then this ends, too. An end soon after the first start is a failed start.
# Arguments: file with the token of who wants it, that token, seconds of a good first run,
# seconds of the first pause, command...
wanted=$1 token=$2 good=$3 first=$4
shift 4
child= stopped= pause=$first runs=0
stop() {
    stopped=1
    [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}
trap stop TERM INT HUP
# Not the wall clock: that may be set.
uptime() {
    read -r now rest </proc/uptime
    echo "${now%%.*}"
}
is_wanted() {
    [ -z "$stopped" ] && [ "$(cat "$wanted" 2>/dev/null)" = "$token" ]
}
while :; do
    began=$(uptime)
    "$@" &
    child=$!
    wait "$child"
    code=$?
    # A signal ends the wait, not the endpoint.
    while kill -0 "$child" 2>/dev/null; do
        wait "$child"
        code=$?
    done
    child= runs=$((runs + 1))
    lasted=$(($(uptime) - began))
    case $code in
    3) reason="ran out of memory" ;;
    132 | 134 | 135 | 136 | 139) reason="crashed (exit code $code)" ;;
    *) exit "$code" ;;
    esac
    is_wanted || exit "$code"
    [ "$runs" -gt 1 ] || [ "$lasted" -ge "$good" ] || exit "$code"
    [ "$lasted" -lt 300 ] || pause=$first
    printf '%s WARN supervise - the endpoint %s; it is started again in %s s\n' \
        "$(date +%Y-%m-%dT%H:%M:%S%:z)" "$reason" "$pause" >&2
    left=$pause
    while [ "$left" -gt 0 ]; do
        sleep 1
        is_wanted || exit "$code"
        left=$((left - 1))
    done
    pause=$((pause * 2))
    [ "$pause" -le 60 ] || pause=60
done
