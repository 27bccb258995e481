# shellcheck shell=bash
# Built things: tools, root file systems, layers, package repositories. One script in build/ makes each of them, in a folder of the cache.
# The folder's name has a hash of the script and its arguments, so a changed recipe builds again. A killed build leaves only folders
# with a leading dot, and the next build removes them. A recipe creates the folder named by its first argument; for temporary files it may
# use the same name with .work at the end.

# part NAME RECIPE ARG… : sets PART to the folder, building it first if it is not there
part() {
  local name=$1 recipe=$2
  shift 2
  local key
  key=$({ cat "$LAB_DIR/build/$recipe"; printf '%s\n' "$@"; } | sha256sum | cut -c1-10)
  PART=$LAB_CACHE/$name-$key
  [ -d "$PART" ] || build_part "$name" "$recipe" "$@"
}

build_part() {
  local name=$1 recipe=$2 log=$LAB_CACHE/log/$1.log fresh=$LAB_CACHE/.new-$1
  shift 2
  mkdir -p "$LAB_CACHE/log"
  (
    flock 9
    [ ! -d "$PART" ] || exit 0
    rm -rf --one-file-system "$fresh" "$fresh.work"
    mirror=$(debian_mirror) || exit 1
    say "building $name"
    # a separate mount namespace, so no mount is left whatever happens to the build
    if ! LAB_MIRROR_URL=$mirror \
      unshare --mount --propagation private "$LAB_DIR/build/$recipe" "$fresh" "$@" >"$log" 2>&1 </dev/null 9>&-; then
      tail -5 "$log" >&2
      die "building $name failed; its output is in $log"
    fi
    chmod 755 "$fresh"
    mv -T "$fresh" "$PART" || die "cannot move $name to $PART"
    rm -rf --one-file-system "$fresh.work"
  ) 9>"$LAB_CACHE/.lock-$name"
}

# The Debian mirror that this computer uses; security and third-party sources have another suite.
debian_mirror() {
  local codename lines
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  lines=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages')
  { grep " $codename main$" <<<"$lines" || grep ' stable main$' <<<"$lines" || die "no Debian mirror in this computer's apt sources"; } |
    head -1 | cut -d' ' -f1
}

need_builder() { part builder tools "$(host_suite)" mmdebstrap && BUILDER=$PART; }

need_tools() { part tools tools "$(host_suite)" busybox-static docker-registry dnsmasq-base docker.io docker-compose iptables && TOOLS=$PART; }

# need_docker SUITE : only the docker command of that Debian
need_docker() {
  local package=docker-cli
  [ "$1" != bookworm ] || package=docker.io
  part "docker-$1" tools "$1" "$package" && DOCKER=$PART/bin/docker
}

# need_compose SUITE : the Compose v2 of that Debian
need_compose() { part "compose-$1" tools "$1" docker-compose && COMPOSE=$PART/usr/libexec/docker/cli-plugins/docker-compose; }

need_images() { part images images "$(host_suite)" && IMAGES=$PART; }

need_arm_tools() { part arm-tools tools "$(host_suite)" qemu-user-static runc containerd busybox-static && ARM_TOOLS=$PART; }

host_suite() { (. /etc/os-release && echo "$VERSION_CODENAME"); }

need_rootfs() {
  need_builder
  part "$1-rootfs" rootfs "$1" "$BUILDER" && ROOTFS=$PART
}

# need_layers OS INIT ARCH bare|engine : sets LAYERS to the lowerdir of overlayfs
need_layers() {
  local os=$1 init=$2 arch=$3 kind=$4
  need_rootfs "$os"
  part "$os-$init" layer "$init" "$ROOTFS"
  LAYERS=$PART:$ROOTFS
  if [ "$kind" = engine ]; then
    part "$os-$init-engine" layer engine "$LAYERS"
    LAYERS=$PART:$LAYERS
  fi
  [ "$arch" = amd64 ] || need_arm_rootfs "$os" "$init" "$arch" "$kind"
}

# need_shell : the login shell of --shell on top of LAYERS
need_shell() { part "$os-$init-$kind-$shell" layer "$shell" "$LAYERS" && LAYERS=$PART:$LAYERS; }

need_arm_rootfs() {
  need_arm_tools
  host_locked register_arm "$ARM_TOOLS/usr/bin"
  part "$1-$2-$4-$3" arm "$3" "$1" "$ARM_TOOLS" "$ROOTFS" "$LAYERS" && LAYERS=$PART
}

# need_repo OS ARCH LAYERS : the package repository, without the packages that every node has, whatever its init
need_repo() { part "$1-$2-repo" repo "$1" "$2" "${3##*:}/var/lib/dpkg/status" && REPO=$PART; }
