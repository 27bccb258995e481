# shellcheck shell=bash
# What the lab needs from this computer, and the two settings that it changes while a lab is up: binfmt entries and an inotify limit.
# The last lab that goes down restores both, so all checkouts share the records. They are in /run because a reboot undoes the settings too.

HOST_BOOK=/run/machine-lab
BINFMT=/proc/sys/fs/binfmt_misc

require_host() {
  [ "$(id -u)" = 0 ] || die "must run as root: it makes namespaces and mounts"
  local cap
  for cap in 12:net_admin 21:sys_admin 18:sys_chroot 27:mknod; do
    has_capability "${cap%%:*}" || die "the capability CAP_${cap##*:} is missing here; start the container with --privileged"
  done
  local tool
  for tool in ip:iproute2 nsenter:util-linux findmnt:util-linux setsid:util-linux curl:curl ssh-keygen:openssh-client perl:perl dpkg-deb:dpkg apt-get:apt; do
    command -v "${tool%%:*}" >/dev/null || die "${tool%%:*} is missing: apt-get install --no-install-recommends ${tool##*:}"
  done
  [ -n "$(cgroup2_root)" ] || die "no cgroup2 file system is mounted: mount one (mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified)"
}

has_capability() {
  local caps
  caps=$(sed -n 's/^CapEff:\s*//p' /proc/self/status)
  (((0x$caps >> $1) & 1))
}

# The lab must also work inside the hub (a test calls it under `lab exec`), but builds need the computer's own network.
leave_hub() {
  [ "$1" != exec ] && [ "$1" != shell ] || return 0
  [ "$(stat -Lc %i /proc/self/ns/net)" = "$(stat -Lc %i "$LAB_HUB" 2>/dev/null)" ] || return 0
  exec nsenter --net="$LAB_OUTSIDE" "$LAB_DIR/lab" "$@"
}

host_locked() {
  mkdir -p $HOST_BOOK/labs
  (
    flock 9
    "$@"
  ) 9>$HOST_BOOK/lock
}

# About 20 nodes with systemd use up the default of 128 inotify instances.
join_host() {
  echo "$LAB_CACHE" >"$HOST_BOOK/labs/$LAB_ID"
  local limit=/proc/sys/fs/inotify/max_user_instances
  if [ "$(cat $limit)" -lt 8192 ]; then
    [ -e $HOST_BOOK/inotify ] || cat $limit >$HOST_BOOK/inotify
    echo 8192 >$limit
  fi
}

# register_arm FOLDER : lets the emulators in FOLDER run ARM programs. The host may have entries of its own: the newest entry wins.
register_arm() {
  if [ ! -e $BINFMT/register ]; then
    mount -t binfmt_misc binfmt_misc $BINFMT
    : >$HOST_BOOK/binfmt-mounted
  fi
  register_emulator armhf 1 00 28 "$1/qemu-arm-static"
  register_emulator arm64 2 00 b7 "$1/qemu-aarch64-static"
  [ ! -e "$BINFMT/machine-lab-armhf-on-64" ] || return 0
  # Imitates a 64-bit kernel under 32-bit programs: uname(2) says aarch64 to programs with a mark in the unused last byte of e_ident.
  local double=$LAB_CACHE/.qemu-arm-on-64.$$
  sed 's/armv7l\x00armv6l\x00/aarch64\x00rmv6l\x00/' "$1/qemu-arm-static" >"$double"
  chmod 755 "$double"
  register_emulator armhf-on-64 1 64 28 "$double"
  rm "$double"
}

# register_emulator NAME CLASS MARK MACHINE FILE : selects programs by the bytes of the ELF header. Flag F opens the file now, so it works in
# every mount namespace and chroot without a copy there. Flag C lets sudo become root.
register_emulator() {
  [ -e "$BINFMT/machine-lab-$1" ] || printf ':machine-lab-%s:M:0:%s:%s:%s:PCF' "$1" \
    "\\x7fELF\\x0$2\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x$3\\x02\\x00\\x$4\\x00" \
    '\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff' "$5" >$BINFMT/register
}

leave_host() {
  rm -f "$HOST_BOOK/labs/$LAB_ID"
  [ -z "$(ls $HOST_BOOK/labs)" ] || return 0
  [ ! -e $HOST_BOOK/inotify ] || cat $HOST_BOOK/inotify >/proc/sys/fs/inotify/max_user_instances
  local entry
  for entry in "$BINFMT"/machine-lab-*; do [ ! -e "$entry" ] || echo -1 >"$entry"; done
  [ ! -e $HOST_BOOK/binfmt-mounted ] || umount $BINFMT
  rm -rf $HOST_BOOK
}
