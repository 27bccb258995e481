package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/** What a test asks a node itself, past sshd and past the engine's port. */
record OnNode(String name) {
    String sh(String script) {
        return Lab.node(name, script).ok();
    }

    /** Where the engine lives; only a real amd64 process is found by its name. */
    long engine() {
        return Long.parseLong(sh("pidof dockerd"));
    }

    /** Logins that sshd let in, as its log tells. Needs systemd. */
    int logins() {
        return Integer.parseInt(
                sh("journalctl -q --no-pager -t sshd | grep -c 'Accepted ' || true"));
    }

    /** Everything sshd logged about authentication. */
    String loginAttempts() {
        return sh(
                "journalctl -q --no-pager -t sshd | grep -E 'Accepted|Failed|Invalid|preauth' || true");
    }

    /** Hash and modification time of every file that machine looks after. */
    String managedFiles() {
        String files =
                sh(
                        "find /etc/docker /etc/systemd/system/docker.service.d /root/.ssh -type f 2>/dev/null | sort"
                                + " | while read -r file; do sha256sum \"$file\"; stat -c %y-%a-%U \"$file\"; done");
        assertThat(files).contains("/etc/docker/daemon.json");
        return files;
    }

    /** One hash of all that machine may write on a node. */
    String digest() {
        return sh(
                "find /etc/apt /etc/docker /etc/systemd/system/docker.service.d /etc/default /root/.ssh /home -type f 2>/dev/null"
                        + " | sort | xargs -r sha256sum | sha256sum | cut -c1-8");
    }

    /** Pid of a container's first process, by the node's own socket. */
    String container(String container) {
        return sh("docker inspect -f '{{.State.Running}} {{.State.Pid}}' " + container);
    }
}
