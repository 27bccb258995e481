# Prints problems of a node that no step of provisioning handles, as KEY=VALUE lines. Reads only.
# Arguments: registry mirrors.
say() { printf '%s=%s\n' "$1" "$2"; }

# 2375 is 0947: the port of an engine without TLS.
# One cat for both: if a file is missing (no IPv6), mawk reads neither.
cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" && $2 ~ /:0947$/ { found = 1 } END { exit !found }' && say plain 2375

for folder in / /etc /var/lib/docker; do
    [ -d "$folder" ] || continue
    df -Pk "$folder" 2>/dev/null | awk 'NR == 2 { used = $5 + 0; if (used >= 90) printf "full=%d%% of %s\n", used, $6 }'
done | sort -u

# Who can write these files can become root.
for file in /etc/docker /etc/docker/daemon.json /etc/docker/ca.pem /etc/docker/server.pem /etc/docker/machine /etc/default/docker \
    /etc/systemd/system/docker.service.d /etc/systemd/system/docker.service.d/*.conf /lib/systemd/system/docker.service /lib/systemd/system/docker.socket; do
    [ -e "$file" ] || continue
    mode=$(stat -Lc '%a %U' "$file")
    case $mode in *[2367][0-7]' '*|*[2367]' '*|[0-7]*' '[!r]*) say open "$file ($mode)" ;; esac
done
if [ -S /var/run/docker.sock ]; then case $(stat -Lc '%a' /var/run/docker.sock) in *[1-7]) say open "/var/run/docker.sock ($(stat -Lc '%a %U:%G' /var/run/docker.sock))" ;; esac; fi

# perl-base is essential on Debian; without perl the mirrors are not checked.
for mirror; do
    host=${mirror#*://}; host=${host%%/*}
    case $mirror in https:*) port=443 ;; *) port=80 ;; esac
    case $host in *:*) port=${host##*:}; host=${host%:*} ;; esac
    command -v perl >/dev/null || continue
    perl -MIO::Socket::INET -e 'exit(IO::Socket::INET->new(PeerHost => $ARGV[0], PeerPort => $ARGV[1], Timeout => 5) ? 0 : 1)' "$host" "$port" || say mirror "$mirror"
done
say end yes
