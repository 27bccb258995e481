# Sets the clock to SECONDS since the epoch: set-clock.sh SECONDS
date -u -s "@$1" >/dev/null
# Saves the time for the next boot: in a clock with a battery, or in the file of fake-hwclock.
if [ -e /dev/rtc0 ]; then hwclock --systohc --utc || true; fi
if command -v fake-hwclock >/dev/null; then fake-hwclock save force || true; fi
