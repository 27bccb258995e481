# shellcheck shell=bash
# Names and small helpers that every part uses.

CHECKOUT=$(dirname "$LAB_DIR")
# Two checkouts (or two MACHINE_LAB_STATE folders of one) are two separate labs: every name outside the hub contains this id.
LAB_ID=$(printf %s "$CHECKOUT${MACHINE_LAB_STATE:+ $MACHINE_LAB_STATE}" | sha256sum | cut -c1-8)
LAB_CACHE=${MACHINE_LAB_CACHE:-/var/cache/machine-lab}
LAB_STATE=${MACHINE_LAB_STATE:-/var/lib/machine-lab}/$LAB_ID
LAB_HUB=$LAB_STATE/hub/net
LAB_OUTSIDE=$LAB_STATE/hub/outside
LAB_KEY=$LAB_STATE/id
LAB_GATEWAY=10.99.0.1
LAB_MIRROR=http://$LAB_GATEWAY:5000
LAB_REPO=http://$LAB_GATEWAY:8088
LAB_CGROUP=machine-lab-$LAB_ID
export LAB_DIR LAB_CACHE # for the recipes

say() { printf 'lab: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# Holds the lock of this lab while FUNCTION runs. Slow work (builds, boots) runs without the lock.
locked() {
  mkdir -p "$LAB_STATE"
  (
    flock 9
    "$@"
  ) 9>"$LAB_STATE/lock"
}

# await SECONDS CMD… : repeats CMD until it succeeds; false after the deadline
await() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.05
  done
}

in_hub() { nsenter --net="$LAB_HUB" "$@"; }

# detached CGROUP LOG CMD… : runs CMD in the background, in a cgroup of the lab (it is found and ended by the cgroup, not by its pid),
# with no lock or pipe of this script open
detached() {
  local group log=$2 fd
  group=$(cgroup2_root)/$LAB_CGROUP/$1
  shift 2
  mkdir -p "$group"
  (
    echo "$BASHPID" >"$group/cgroup.procs"
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      [ "$fd" -le 2 ] || eval "exec $fd>&-"
    done
    exec setsid "$@"
  ) </dev/null >>"$log" 2>&1 &
}

cgroup2_root() { findmnt --noheadings --raw --output TARGET --types cgroup2 | head -1; }

group_is_empty() { ! grep -qs 'populated 1' "$1/cgroup.events"; }

# end_group NAME : the kernel kills every process in this cgroup of the lab and below it at once
end_group() {
  local group
  group=$(cgroup2_root)/$LAB_CGROUP/$1
  [ -d "$group" ] || return 0
  echo 1 >"$group/cgroup.kill"
  await 20 group_is_empty "$group" || die "processes in $group do not end"
}

# drop_groups NAME : removes the empty directories in every hierarchy; a v1 directory is busy until the kernel has reaped its processes
drop_groups() { await 10 try_drop_groups "$1" || die "cgroup $LAB_CGROUP/$1 stays busy"; }

try_drop_groups() {
  local group left=0
  for group in /sys/fs/cgroup/"$LAB_CGROUP/$1" /sys/fs/cgroup/*/"$LAB_CGROUP/$1"; do
    [ -d "$group" ] || continue
    find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true
    [ ! -d "$group" ] || left=1
  done
  return $left
}
