package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node on which one fault after another happens, and how it is made as new between two of them.
 *
 * @param switches as of {@code lab up}
 */
record FaultNode(Machine user, String name, String address, Kind kind, List<String> switches) {
    enum Kind {
        ENGINE("root"),
        BARE("root"),
        PASSWORD("pi");

        private final String login;

        Kind(String login) {
            this.login = login;
        }
    }

    /** Debian's own engine as it was before machine came; the store forgets the node. */
    private static final String AS_NEW =
            """
            rm -rf /etc/docker/*.pem /etc/docker/daemon.json /etc/docker/machine /run/machine-restart-docker \
                /etc/systemd/system/docker.service.d /home/pi/.ssh
            systemctl daemon-reload
            systemctl -q reset-failed docker.service docker.socket
            systemctl restart docker.service
            """;

    /** Every process that serves a connection; the listener stays. */
    private static final String DROP =
            """
            dropped=0
            for monitor in $(pgrep -P "$(cat /run/sshd.pid)"); do
                kill -KILL $(pgrep -P "$monitor") "$monitor"; dropped=$((dropped + 1))
            done
            echo $dropped
            """;

    private static final Pattern CHANGES = Pattern.compile("READY .*\\((\\d+) changes?\\)");

    /** The switches as {@link Nodes} takes them. */
    String[] words() {
        return switches.toArray(String[]::new);
    }

    void up() {
        List<String> words = new ArrayList<>(List.of(name, "--address", address));
        words.addAll(switches);
        Lab.up(words.toArray(String[]::new));
    }

    void reset() {
        if (!user.run("ls", "-q").ok().lines().toList().contains(name)) {
            return;
        }
        user.run("rm", "-y", name).ok();
        if (kind == Kind.BARE) {
            // Packages that are purged leave more behind than a new disk.
            Lab.down(name);
            up();
        } else {
            Lab.node(name, AS_NEW).ok();
        }
    }

    /** Begins to make the node, and returns when the process has frozen itself at the point. */
    Running frozenAt(String point) {
        Running running = run(user.with("MACHINE_TEST_STOP", point), createCommand());
        try {
            Stops.awaitStop(running);
        } catch (AssertionError e) {
            running.close();
            throw e;
        }
        return running;
    }

    /** Cuts the one connection on the node's side. */
    void drop() {
        assertThat(Lab.node(name, DROP).ok()).as("connections that were there").isEqualTo("1");
    }

    /** Begins to make the node, and does not wait. */
    Running startCreate() {
        return run(user, createCommand());
    }

    /** Goes on, whether a run has finished before or none was recorded. */
    Output provisionOrCreate() {
        boolean ready =
                user.run("ls", "-q").ok().lines().anyMatch(name::equals)
                        && Record.phase(user, name).equals("READY");
        return ready ? provision() : create();
    }

    Output create() {
        return finish(createCommand());
    }

    Output provision() {
        List<String> command = new ArrayList<>(List.of("provision", name));
        if (kind == Kind.PASSWORD) {
            command.add("--ssh-passwd-stdin");
        }
        return finish(command);
    }

    private Output finish(List<String> command) {
        try (Running running = run(user, command)) {
            return running.await(Machine.DEADLINE);
        }
    }

    private Running run(Machine by, List<String> command) {
        // The lab's password of a user is the user's name.
        Machine typing = kind == Kind.PASSWORD ? by.typing(kind.login + "\n") : by;
        return typing.start(command.toArray(String[]::new));
    }

    private List<String> createCommand() {
        List<String> command =
                new ArrayList<>(
                        List.of("create", "-d", "generic", "--generic-ip-address", address));
        command.addAll(List.of("--generic-ssh-user", kind.login));
        command.addAll(
                kind == Kind.PASSWORD
                        ? List.of("--generic-ssh-passwd-stdin")
                        : List.of("--generic-ssh-key", Lab.value("LAB_KEY")));
        command.add(name);
        return command;
    }

    /** How many changes a run that ended well says it made. */
    static int changes(Output output) {
        output.ok();
        Matcher matcher = CHANGES.matcher(output.err());
        assertThat(matcher.find()).as(output::toString).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    /** A run that has nothing to do does nothing: the engine is the same process. */
    void assertSettled() {
        OnNode node = new OnNode(name);
        long engine = node.engine();
        assertThat(changes(user.run("provision", name))).isZero();
        assertThat(node.engine()).isEqualTo(engine);
        assertThat(Record.phase(user, name)).isEqualTo("READY");
        assertThat(
                        node.sh(
                                "stat -c %a-%U /etc/docker/server-key.pem; ls /run/machine-restart-docker 2>/dev/null || true"))
                .isEqualTo("400-root");
    }
}
