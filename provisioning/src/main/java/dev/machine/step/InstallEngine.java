package dev.machine.step;

import dev.machine.common.MachineException;
import dev.machine.engine.EngineFiles;
import dev.machine.ssh.Result;
import dev.machine.ssh.Script;
import java.time.Duration;

/**
 * Installs the distribution's own engine where there is none. apt runs apart from our connection
 * with its output in a file, so that a broken connection does not break dpkg in the middle; a rerun
 * waits for it.
 */
final class InstallEngine implements Step {
    private static final Duration DEADLINE = Duration.ofMinutes(20);
    private static final String PACKAGE = "docker.io";

    private static final String INSTALL =
            """
            package={}; log=/var/log/machine-install.log
            cat >/run/machine-install.sh <<'END'
            export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
            wait='-o DPkg::Lock::Timeout=600'
            dpkg --configure -a --force-confold
            candidate() { apt-cache policy "$1" | grep -q 'Candidate: [^(]'; }
            candidate "$1" || apt-get $wait update -q
            # Old lists name files that the mirror no longer has.
            apt-get $wait install -y -q "$1" || { apt-get $wait update -q && apt-get $wait install -y -q "$1"; }
            status=$?
            """
                    + Original.INSTALLED
                    + """
            exit $status
            END
            setsid sh /run/machine-install.sh "$package" >"$log" 2>&1 </dev/null & apt=$!
            # Only apt is waited for; who tells of it must not keep our channel open.
            { said=
            while kill -0 $apt 2>/dev/null; do
                sleep 0.3 >/dev/null 2>&1; now=$(tail -n1 "$log" | cut -c1-100)
                if [ "$now" != "$said" ]; then printf '%s\\n' "$now"; said=$now; fi
            done; } & telling=$!
            status=0; wait $apt || status=$?
            kill $telling 2>/dev/null || true
            [ $status -eq 0 ] || { grep -E '^(E:|dpkg: error)' "$log" >&2 || tail -n3 "$log" >&2; exit 1; }
            """;

    /** An engine that was first started now has read what we wrote. */
    private static final String STARTED =
            """
            if [ {} = false ] && command -v systemctl >/dev/null && systemctl -q is-active docker.service; then rm -f {}; fi
            """;

    @Override
    public String title() {
        return "install engine";
    }

    @Override
    public Change plan(NodeContext node) {
        return node.facts().hasEngine()
                        && (node.facts().find("engine.package").isPresent()
                                || !node.facts().isDebianLike()
                                || node.facts().find("engine.pid").isPresent())
                ? Change.none()
                : Change.of("install " + PACKAGE + " from the node's own package sources");
    }

    @Override
    public void apply(NodeContext node, Change change) {
        Script script =
                Original.remember(new Script())
                        .run(INSTALL, PACKAGE)
                        .run(
                                STARTED,
                                Boolean.toString(node.facts().engineRuns()),
                                EngineFiles.RESTART_PENDING);
        Result result;
        try (EarlyQuestion early = new EarlyQuestion(node)) {
            result = node.shell().asRoot(script, DEADLINE, node::note);
        }
        if (result.status() != 0) {
            throw new MachineException(
                    "apt could not install "
                            + PACKAGE
                            + ": "
                            + result.err().strip().replace("\n", "; "),
                    "see /var/log/machine-install.log on the node; `machine provision "
                            + node.record().name()
                            + "` goes on from here",
                    dev.machine.common.ExitCode.ERROR);
        }
        node.refreshFacts();
        if (node.facts().find("engine.restart.pending").isEmpty()) {
            node.restartDone();
        }
        if (!node.facts().hasEngine()) {
            throw new MachineException(
                    "apt installed " + PACKAGE + ", but there is no dockerd on the node");
        }
    }
}
