# shellcheck shell=bash
# What the lab needs of this computer, and the two settings of it that are changed while a lab is up: binfmt entries and an inotify limit.
# Both are put back by the last lab that goes, so the book-keeping is shared by all checkouts; /run because a restart undoes them too.

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

# Called inside the hub (by a test under `lab exec`) the lab must work too, but building needs the computer's own network.
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

# The default of 128 inotify instances is used up by about 20 nodes with systemd.
join_host() {
  echo "$LAB_CACHE" >"$HOST_BOOK/labs/$LAB_ID"
  local limit=/proc/sys/fs/inotify/max_user_instances
  if [ "$(cat $limit)" -lt 8192 ]; then
    [ -e $HOST_BOOK/inotify ] || cat $limit >$HOST_BOOK/inotify
    echo 8192 >$limit
  fi
}

# Entries of our own beside those the host may have: the newest wins. Flag F opens the interpreter now, so that it works in every mount
# namespace and chroot without a copy there.
register_arm() {
  if [ ! -e $BINFMT/register ]; then
    mount -t binfmt_misc binfmt_misc $BINFMT
    : >$HOST_BOOK/binfmt-mounted
  fi
  [ -e "$BINFMT/machine-lab-arm" ] || printf ':machine-lab-arm:%s:%s:%s:POF' \
    'M:0:\x7f\x45\x4c\x46\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x28\x00' \
    '\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff' "$1" >$BINFMT/register
}

leave_host() {
  rm -f "$HOST_BOOK/labs/$LAB_ID"
  [ -z "$(ls $HOST_BOOK/labs)" ] || return 0
  [ ! -e $HOST_BOOK/inotify ] || cat $HOST_BOOK/inotify >/proc/sys/fs/inotify/max_user_instances
  [ ! -e $BINFMT/machine-lab-arm ] || echo -1 >$BINFMT/machine-lab-arm
  [ ! -e $HOST_BOOK/binfmt-mounted ] || umount $BINFMT
  rm -rf $HOST_BOOK
}
