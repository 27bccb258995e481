package dev.machine.e2e;

import java.util.List;

/**
 * All of a node's disk: names, kinds, modes, owners and hashes. Logs and caches are left out, and
 * what dpkg keeps of its own last state.
 */
record Disk(List<String> lines) {
    private static final String LOOK =
            """
            skip='( -path /proc -o -path /sys -o -path /run -o -path /dev -o -path /tmp -o -path /var/log -o -path /var/cache
                -o -path /var/lib/apt/lists -o -path /var/lib/dpkg/status-old -o -path /var/lib/containerd -o -path /var/lib/docker ) -prune -o'
            stat -c "%n %a %u:%g" /var/lib/docker; find / -xdev $skip -printf '%p %y %m %u:%g %l\\n' | sort
            find / -xdev $skip -type f -print0 | sort -z | xargs -0 sha256sum
            find /var/lib/docker /var/lib/containerd -maxdepth 1 2>/dev/null | sed "s/^/kept: /" | sort | grep -v tmp
            if [ -d /run/systemd/system ]; then
                systemctl show docker.service docker.socket containerd.service -p Id,LoadState,ActiveState,UnitFileState,DropInPaths
            fi
            ss -Hltn | awk '{ print $4 }' | grep -v '127.0.0.1:[345]' | sort
            """;

    static Disk of(OnNode node) {
        return new Disk(node.sh(LOOK).lines().toList());
    }
}
