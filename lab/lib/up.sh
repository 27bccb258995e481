# shellcheck shell=bash
# `lab up`: its switches, and their effect on a node.

lab_up() {
  local names=() os=bookworm arch='' init='' kind=bare address='' cgroup='' login=key user='' sudo=nopasswd dress=none memory=on shell=sh jump=no
  parse_up "$@"
  set_defaults
  local name
  local missing=
  for name in "${names[@]}"; do
    if [ ! -e "$LAB_STATE/nodes/$name/node" ] || ! hub_is_up; then missing=1; fi
  done
  [ -z "$missing" ] || build_for_up
  for name in "${names[@]}"; do
    locked new_node "$name"
    address=$(next_address "$address")
  done
  for name in "${names[@]}"; do await_sshd "$name"; done
}

parse_up() {
  while [ $# -gt 0 ]; do
    case $1 in
      --bare | --engine) kind=${1#--} ;;
      --no-memory-cgroup) memory=off ;;
      --jump) jump=yes ;;
      --os | --init | --arch | --address | --cgroup | --login | --user | --sudo | --dress | --shell)
        [ $# -gt 1 ] || die "$1 needs a value"
        printf -v "${1#--}" %s "$2"
        shift
        ;;
      --*=*)
        local flag=${1%%=*} value=${1#*=}
        shift
        set -- "" "$flag" "$value" "$@"
        ;;
      -*) die "lab up has no switch $1" ;;
      *) names+=("$1") ;;
    esac
    shift
  done
}

set_defaults() {
  [ ${#names[@]} -gt 0 ] || die "lab up needs a name"
  local name
  for name in "${names[@]}"; do require_name "$name"; done
  [ -z "$address" ] || require_address "$address"
  one_of --os "$os" bookworm trixie
  one_of --dress "$dress" none raspbian
  [ -n "$arch" ] || arch=$([ "$dress" = raspbian ] && echo armhf || echo amd64)
  one_of --arch "$arch" amd64 armhf arm64
  [ "$dress-$arch" != raspbian-amd64 ] && [ "$dress-$arch" != raspbian-arm64 ] || die "--dress raspbian is the 32-bit system, --arch armhf; the 64-bit one calls itself Debian"
  [ -n "$user" ] || user=$([ "$dress" = raspbian ] && echo pi || echo root)
  one_of --login "$login" key password
  one_of --sudo "$sudo" nopasswd password none
  one_of --shell "$shell" sh fish csh
  [ "$shell-$arch" = sh-$arch ] || [ "$arch" = amd64 ] || die "only an amd64 node has --shell $shell"
  [[ $user =~ ^[a-z][a-z0-9-]{0,30}$ ]] || die "--user $user is not a valid user name"
  # systemd as pid 1 needs system calls that user-mode emulation does not have
  [ -n "$init" ] || init=$([ "$arch" = amd64 ] && echo systemd || echo sysvinit)
  one_of --init "$init" systemd sysvinit
  [ "$arch" = amd64 ] || [ "$init" = sysvinit ] || die "an ARM node runs sysvinit only: systemd does not run under user-mode emulation"
  [ -n "$cgroup" ] || cgroup=$(default_cgroup)
  one_of --cgroup "$cgroup" v1 v2
  [ "$cgroup" = v2 ] || [ -d /sys/fs/cgroup/memory ] || die "this computer has no cgroup v1: use --cgroup v2"
}

# systemd of Debian 13 refuses v1. On a host with both versions the controllers are in v1.
default_cgroup() {
  if [ "$os-$init" = trixie-systemd ] || [ ! -d /sys/fs/cgroup/memory ]; then echo v2; else echo v1; fi
}

one_of() {
  local flag=$1 value=$2
  shift 2
  [[ " $* " == *" $value "* ]] || die "$flag $value: it must be one of $*"
}

require_name() { [[ $1 =~ ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ ]] || die "$1 is not a valid host name"; }

require_address() {
  local octet
  [[ $1 =~ ^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$ ]] || die "$1 is not an IPv4 address"
  for octet in "${BASH_REMATCH[@]:1}"; do [ "$octet" -le 255 ] || die "$1 is not an IPv4 address"; done
  [[ $1 != 127.* && $1 != 172.17.* && $1 != "$(gateway_of "$1")" ]] || die "$1 cannot be a node: it is loopback, docker0 or a gateway of the lab"
}

# Builds the layers of the node, its package repository and the servers of the hub; independent parts are built at the same time.
build_for_up() {
  host_locked join_host
  need_builder
  local tools
  (need_tools && need_images) &
  tools=$!
  need_layers "$os" "$init" "$arch" "$kind"
  [ "$shell" = sh ] || need_shell
  local layers=$LAYERS
  need_layers "$os" "$init" "$arch" bare
  need_repo "$os" "$arch" "$LAYERS"
  LAYERS=$layers
  wait "$tools" || exit 1
  need_tools && need_images
  locked hub_up
  locked serve_repo
}

# httpd follows links, so it serves the repository from the cache
serve_repo() { ln -sfn "$REPO" "$LAB_STATE/hub/repo/$os-$arch"; }

# new_node NAME : the caller holds the lab's lock, so two `up` get different addresses
new_node() {
  local name=$1 home=$LAB_STATE/nodes/$1
  ! node_is_running "$name" || return 0
  [ ! -e "$home/node" ] || { boot_node "$name"; return; }
  local address=${address:-$(free_address)}
  [ -z "$(owner_of "$address")" ] || die "$address belongs to the node $(owner_of "$address")"
  rm -rf --one-file-system "$home"
  mkdir -p "$home"/{upper,work,root,docker}
  serve_subnet "$address"
  local gateway link mac layers=$LAYERS hub=$LAB_HUB group=$LAB_CGROUP/$name
  gateway=$(gateway_of "$address")
  link=$(link_of "$name")
  # A board keeps its MAC over power cuts. With a new one, its neighbours would use the old one for half a minute.
  local octets
  IFS=. read -ra octets <<<"$address"
  printf -v mac '02:99:%02x:%02x:%02x:%02x' "${octets[@]}"
  declare -p name os init arch kind address gateway mac cgroup login user sudo shell jump dress memory link layers hub group >"$home/node.new"
  LAB_KEY=$LAB_KEY LAB_REPO=$LAB_REPO unshare --mount --propagation private "$LAB_DIR/lib/node-dress" "$home" >"$home/dress.log" 2>&1 ||
    die "preparing $name failed; see $home/dress.log"
  echo "$address $name" >"$LAB_STATE/hub/names/$name"
  mv "$home/node.new" "$home/node"
  boot_node "$name"
}

owner_of() { grep -ls " address=\"$1\"\$" "$LAB_STATE"/nodes/*/node | sed 's#/node$##; s#.*/##' || true; }

free_address() {
  local i
  for i in $(seq 11 250); do
    [ -n "$(owner_of "10.99.0.$i")" ] || in_hub ip route show "10.99.0.$i" | grep -q . || { echo "10.99.0.$i"; return; }
  done
  die "no free address is left in 10.99.0.0/24"
}

next_address() { [ -z "$1" ] || echo "${1%.*}.$((${1##*.} + 1))"; }
