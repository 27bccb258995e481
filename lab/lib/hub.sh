# shellcheck shell=bash
# The hub: one network namespace of this checkout, with a bridge for the nodes and the servers that they need. `machine`, docker and tests
# run in it too (`lab exec`), so interfaces, routes and iptables of the host do not change, and every address is free.

hub_is_up() { mountpoint -q "$LAB_HUB" && ! group_is_empty "$(cgroup2_root)/$LAB_CGROUP/hub"; }

# hub_up : the caller holds the lab's lock and has set TOOLS and IMAGES
hub_up() {
  ! hub_is_up || return 0
  hub_down
  mkdir -p "$LAB_STATE/hub/names" "$LAB_STATE/hub/repo" "$LAB_STATE/nodes"
  [ -e "$LAB_KEY" ] || ssh-keygen -q -t ed25519 -N '' -C machine-lab -f "$LAB_KEY"
  ln -sfn "$TOOLS" "$LAB_STATE/hub/tools"
  make_network
  start_servers
  push_images "$IMAGES"
}

# Uses a bind mount instead of `ip netns`, which leaves /run/netns mounted and hides cgroups from the commands that it runs.
make_network() {
  : >"$LAB_OUTSIDE"
  mount --bind /proc/self/ns/net "$LAB_OUTSIDE" # the way back for leave_hub
  : >"$LAB_HUB"
  unshare --net="$LAB_HUB" true
  in_hub sh -ec '
    ip link set lo up
    # A bridge without an address takes the lowest one of its ports. If that node goes, the others lose the hub for half a minute.
    ip link add lab address 02:99:00:00:00:01 type bridge
    ip link add hole arp off type veth peer name hole-end
    ip link set hole-end up
    ip link set lab up
    ip link set hole up
    echo 1 >/proc/sys/net/ipv4/ip_forward
    echo 1 >/proc/sys/net/ipv4/conf/lab/proxy_arp' # nodes can use the addresses behind `hole` too
  serve_subnet "$LAB_GATEWAY"
  local server
  # commands in the hub read the host's resolv.conf, so its name servers exist in the hub too, and dnsmasq answers for them
  while read -r server; do
    [[ $server == 127.* ]] || in_hub ip address add "$server/32" dev lo </dev/null
  done < <(sed -n 's/^nameserver *\([0-9.]*\)$/\1/p' /etc/resolv.conf)
}

# serve_subnet ADDRESS : puts the /16 of this address on the bridge, with the hub as x.y.0.1
serve_subnet() { in_hub ip address replace "$(gateway_of "$1")/16" dev lab; }

gateway_of() { echo "${1%.*.*}.0.1"; }

start_servers() {
  local hub=$LAB_STATE/hub
  detached hub "$hub/repo.log" nsenter --net="$LAB_HUB" "$(busybox_of "$TOOLS")" httpd -f -p "$LAB_GATEWAY:8088" -h "$hub/repo"
  cat >"$hub/registry.yml" <<TEXT
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: $hub/registry}, delete: {enabled: true}}
http: {addr: "$LAB_GATEWAY:5000"}
TEXT
  detached hub "$hub/registry.log" nsenter --net="$LAB_HUB" "$TOOLS/usr/bin/docker-registry" serve "$hub/registry.yml"
  # Unknown names are NXDOMAIN at once: with an unreachable name server the first `docker run` of an image takes 11 s longer, with a refusing one 5 s.
  detached hub "$hub/names.log" nsenter --net="$LAB_HUB" "$TOOLS/run/dnsmasq" --keep-in-foreground --user=root --conf-file=/dev/null --pid-file= \
    --no-resolv --no-hosts --hostsdir="$hub/names" --local=/#/
  await 20 answers "$LAB_MIRROR/v2/" || die "the lab's registry does not start; see $hub/registry.log"
  await 20 answers "$LAB_REPO/" || die "the lab's package repository does not start; see $hub/repo.log"
}

busybox_of() { find "$1" -path '*/bin/busybox' -print -quit; }

# any answer counts, also a 404
answers() { in_hub curl -s -o /dev/null --noproxy '*' --max-time 2 "$1"; }

# hub_down : the caller has removed all nodes
hub_down() {
  end_group hub
  drop_groups hub
  local net
  for net in "$LAB_HUB" "$LAB_OUTSIDE"; do ! mountpoint -q "$net" || umount "$net"; done
  rm -rf "$LAB_STATE/hub"
}

require_hub() { hub_is_up || die "the lab is down: start it with lab/lab up NAME"; }

lab_exec() {
  [ $# -gt 0 ] || die "lab exec needs a command"
  require_hub
  local line
  while IFS= read -r line; do export "${line?}"; done < <(lab_values)
  PATH=$(readlink -f "$LAB_STATE/hub/tools")/bin:$PATH exec nsenter --net="$LAB_HUB" -- "$@"
}

lab_shell() {
  require_hub
  say "this shell is in the lab's network; leave it with exit. List the nodes with lab/lab ls"
  lab_exec "${SHELL:-/bin/bash}"
}

lab_docker() {
  [[ ${1-} =~ ^[a-z]+$ ]] || die "lab docker needs the name of a Debian: bookworm, trixie, forky"
  need_docker "$1"
  echo "$DOCKER"
}

# lab_compose SUITE : prints the path of that Debian's Compose v2
lab_compose() {
  [[ ${1-} =~ ^[a-z]+$ ]] || die "lab compose needs the name of a Debian with Compose v2: trixie, forky"
  need_compose "$1"
  echo "$COMPOSE"
}

lab_docker_repo() {
  require_hub
  need_rootfs bookworm
  need_repo bookworm amd64 "$ROOTFS"
  part bookworm-docker-repo docker bookworm amd64 "$REPO"
  ln -sfn "$PART" "$LAB_STATE/hub/repo/docker"
  echo "$LAB_REPO/docker"
}

lab_hole() {
  [ $# -gt 0 ] || die "lab hole needs an address"
  local address
  require_hub
  for address; do
    require_address "$address"
    [ -z "$(owner_of "$address")" ] || die "$address belongs to the node $(owner_of "$address")"
    serve_subnet "$address"
    in_hub ip route replace "$address/32" dev hole # there is no ARP, so the MAC in the frames is not the one of hole-end, which drops them
  done
}

lab_values() {
  printf '%s\n' "LAB_ID=$LAB_ID" "LAB_STATE=$LAB_STATE" "LAB_CACHE=$LAB_CACHE" "LAB_HUB=$LAB_HUB" "LAB_KEY=$LAB_KEY" \
    "LAB_GATEWAY=$LAB_GATEWAY" "LAB_MIRROR=$LAB_MIRROR" "LAB_REPO=$LAB_REPO"
}

lab_env() {
  local line
  while IFS= read -r line; do printf '%s=%q\n' "${line%%=*}" "${line#*=}"; done < <(lab_values)
}
