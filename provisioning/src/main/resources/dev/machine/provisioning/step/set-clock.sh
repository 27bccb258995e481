# Sets the clock to SECONDS since the epoch: set-clock.sh SECONDS
date -u -s "@$1" >/dev/null
# What a board starts with next time: a clock with a battery, or the time of its last breath.
if [ -e /dev/rtc0 ]; then hwclock --systohc --utc || true; fi
if command -v fake-hwclock >/dev/null; then fake-hwclock save force || true; fi
