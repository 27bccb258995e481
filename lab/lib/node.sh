# shellcheck shell=bash
# A node: a real init as pid 1 of its own namespaces, over shared read-only layers. Its mounts and its network exist only in those
# namespaces, so nothing of it stays on the host when its processes have ended.

# init_pid NAME : prints the host's pid of the node's init, or nothing if the node is off. A pid from an earlier boot has another cgroup.
# A pid that was killed but not reaped still has its cgroup in /proc, but the group is empty.
init_pid() {
  local pid
  pid=$(cat "$LAB_STATE/nodes/$1/pid" 2>/dev/null) || return 0
  ! group_is_empty "$(cgroup2_root)/$LAB_CGROUP/$1" || return 0
  ! grep -qsE "/$LAB_CGROUP/$1(/|\$)" "/proc/$pid/cgroup" || echo "$pid"
}

node_is_running() { hub_is_up && [ -n "$(init_pid "$1")" ]; }

# link_of NAME : prints the name of the node's interface in the hub, which may have at most 15 characters
link_of() { echo "v$(sha256sum <<<"$1" | cut -c1-8)"; }

require_node() {
  [ -n "${1-}" ] || die "name a node; list them with lab/lab ls"
  [ -e "$LAB_STATE/nodes/$1/node" ] || die "there is no node $1; list the nodes with lab/lab ls"
}

# boot_node NAME : starts the process that acts as the board's power supply
boot_node() {
  local home=$LAB_STATE/nodes/$1
  end_group "$1.power"
  end_group "$1"
  rm -f "$home/pid"
  detached "$1.power" "$home/console" unshare --net "$LAB_DIR/lib/node-power" "$home"
}

# Only other nodes can connect to a node with --jump; its own requests (for packages) are answered.
hidden() { # hidden A|D ADDRESS : hides the address, or shows it again
  in_hub "$(readlink -f "$LAB_STATE/hub/tools")/bin/iptables" -w -"$1" OUTPUT -p tcp -d "$2" --syn -j DROP
}

await_sshd() {
  local address jump=no
  eval "$(. "$LAB_STATE/nodes/$1/node" && declare -p address jump)"
  ! hidden D "$address" 2>/dev/null || true
  await 120 in_hub timeout 3 bash -c 'exec 2>/dev/null 3<>"/dev/tcp/$0/22" && read -r -t 2 line <&3 && [[ $line == SSH* ]]' "$address" ||
    die "$1 ($address) has no sshd after 120 s; see $LAB_STATE/nodes/$1/console"
  [ "$jump" = no ] || hidden A "$address"
}

lab_node() {
  require_node "${1-}"
  local name=$1 pid
  pid=$(init_pid "$name")
  [ -n "$pid" ] || die "$name is switched off; start it with lab/lab boot $name"
  shift
  [ $# -gt 0 ] || set -- /bin/bash -l
  exec nsenter --target "$pid" --mount --uts --ipc --pid --net --cgroup --root --wd -- \
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM="${TERM-dumb}" "$@"
}

lab_cut() {
  local name
  [ $# -gt 0 ] || die "lab cut needs a name"
  for name; do require_node "$name"; done
  for name; do
    end_group "$name.power" # first, or it would boot the node again
    end_group "$name"
  done
}

lab_boot() {
  local name
  [ $# -gt 0 ] || die "lab boot needs a name"
  require_hub
  for name; do require_node "$name"; done
  for name; do node_is_running "$name" || locked boot_node "$name"; done
  for name; do await_sshd "$name"; done
}

lab_ls() {
  local file pid
  {
    echo "NAME ADDRESS STATE OS INIT ARCH ENGINE CGROUP LOGIN USER SUDO"
    for file in "$LAB_STATE"/nodes/*/node; do
      [ -e "$file" ] || continue
      (
        . "$file"
        pid=$(init_pid "$name")
        echo "$name $address $([ -n "$pid" ] && echo on || echo off) $os $init $arch $kind $cgroup $login $user $sudo"
      )
    done
  } | column -t
}

lab_down() {
  local name
  if [ $# -eq 0 ]; then
    locked down_all
    rm -rf --one-file-system "$LAB_STATE"
    rmdir "$(dirname "$LAB_STATE")" 2>/dev/null || true
    return
  fi
  for name; do require_node "$name"; done
  for name; do locked down_node "$name"; done
}

down_node() {
  local home=$LAB_STATE/nodes/$1
  [ ! -e "$home" ] || lab_cut_quietly "$1"
  ! mountpoint -q "$LAB_HUB" || in_hub ip link del "$(link_of "$1")" 2>/dev/null || true # otherwise the kernel removes it with the namespace, a little later
  drop_groups "$1"
  drop_groups "$1.power"
  ! grep -qs ' jump="yes"$' "$home/node" || hidden D "$(. "$home/node" && echo "$address")" 2>/dev/null || true
  rm -f "$LAB_STATE/hub/names/$1"
  rm -rf --one-file-system "$home"
}

lab_cut_quietly() {
  end_group "$1.power"
  end_group "$1"
}

down_all() {
  local home
  end_group "" # everything of this lab at once
  for home in "$LAB_STATE"/nodes/*; do [ ! -d "$home" ] || down_node "${home##*/}"; done
  hub_down
  drop_groups ""
  [ ! -e "$HOST_BOOK/labs/$LAB_ID" ] || host_locked leave_host
}

lab_clean() {
  [ $# -eq 0 ] || die "lab clean takes no name"
  lab_down "$@"
  local others
  others=$(grep -lsxF "$LAB_CACHE" "$HOST_BOOK"/labs/* || true)
  [ -z "$others" ] || die "other labs are up and use the cache: ${others//$HOST_BOOK\/labs\//}"
  rm -rf --one-file-system "$LAB_CACHE"
}
