# Functions that make an engine keep its containers running when it stops. Run after engine.sh.

# let_go SECONDS : makes the running engine read live-restore, which daemon.json has, so that its containers survive its stop.
let_go() {
    if live true; then return 0; fi
    running=$(engine_pid)
    [ -z "$running" ] || kill -HUP "$running"
    await_live true "$1"
}

# forget_live_restore : makes the restarted engine turn live-restore off, which daemon.json does not have any more.
forget_live_restore() {
    running=$(engine_pid)
    [ -z "$running" ] || kill -HUP "$running"
    await_live false 15
}
