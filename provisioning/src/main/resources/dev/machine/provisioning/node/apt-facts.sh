# The facts about apt and dpkg, and about an engine that they installed. Runs after the functions of facts.sh.
say apt "$(command -v apt-get || true)"
# dpkg locks with fcntl, so /proc/locks knows the holder: its sixth field ends in the inode.
if [ -e /var/lib/dpkg/lock-frontend ]; then
    for lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock; do
        [ -e "$lock" ] || continue
        holder=$(lines /proc/locks | awk -v inode=":$(stat -c %i "$lock")" '{ at = length($6) - length(inode) + 1 } at > 0 && substr($6, at) == inode { print $5; exit }')
        [ -z "$holder" ] || say dpkg.lock "$(tr '\0' ' ' <"/proc/$holder/cmdline" 2>/dev/null | cut -c1-60) (process $holder)"
    done
fi

for package in docker.io docker-ce moby-engine; do
    state=$(dpkg-query -W -f='${db:Status-Status} ${Version}' "$package" 2>/dev/null || true)
    case $state in
        'installed '*) say engine.package "$package"; say engine.version "${state#installed }" ;;
    esac
done
