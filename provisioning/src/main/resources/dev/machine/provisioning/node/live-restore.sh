# Functions by which an engine leaves its containers alone while it stops. Stand behind engine.sh.

# let_go SECONDS : the running engine will leave its containers alone when it stops; daemon.json says so by now.
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
