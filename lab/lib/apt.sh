# shellcheck shell=bash
# Gets Debian packages with this computer's apt client (its proxy and keys), without changing its package lists or its status.

# apt_for SUITE ARCH STATUS CMD… : apt-get with separate lists and the given dpkg status
apt_for() {
  local suite=$1 arch=$2 status=$3 home=$LAB_CACHE/apt/$1-$2
  shift 3
  apt-get -o Dir::State="$home" -o Dir::State::lists="$home/lists" -o Dir::State::status="$status" -o Dir::Cache="${APT_CACHE:-$home/cache}" \
    -o Dir::Etc::sourcelist="$home/sources" -o Dir::Etc::sourceparts=- -o APT::Architecture="$arch" -o APT::Architectures::="$arch" \
    -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root -o APT::Install-Recommends=false \
    -o Debug::NoLocking=1 -o Binary::apt::APT::Keep-Downloaded-Packages=true "$@"
}

# Lists older than six hours may name packages that the mirror no longer has.
apt_lists() {
  local suite=$1 arch=$2 home=$LAB_CACHE/apt/$1-$2
  mkdir -p "$home/lists/partial" "$home/cache/archives/partial"
  (
    flock 8
    [ -z "$(find "$home/fresh" -mmin -360 2>/dev/null)" ] || exit 0
    echo "deb $LAB_MIRROR_URL $suite main" >"$home/sources"
    : >"$home/status"
    apt_for "$suite" "$arch" "$home/status" update
    : >"$home/fresh"
  ) 8>"$home/lock"
}

# fetch OUT SUITE ARCH STATUS PKG… : the .deb files that an installation of PKGs needs where dpkg's status is STATUS
fetch() {
  local out=$1 suite=$2 arch=$3 status=$4
  shift 4
  apt_lists "$suite" "$arch"
  mkdir -p "$out/archives/partial"
  APT_CACHE=$out apt_for "$suite" "$arch" "$status" install -y --download-only "$@"
  mv "$out"/archives/*.deb "$out/"
  rm -rf "$out/archives" "$out"/*.bin
}

# fetch_named OUT SUITE ARCH PKG… : exactly these packages
fetch_named() {
  local out=$1 suite=$2 arch=$3
  shift 3
  apt_lists "$suite" "$arch"
  mkdir -p "$out"
  (cd "$out" && apt_for "$suite" "$arch" "$LAB_CACHE/apt/$suite-$arch/status" download "$@")
}
