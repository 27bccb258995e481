package dev.machine.provisioning.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.DaemonUndo;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts files, folders and the service back as they were before us. An engine that stays is
 * restarted without us, and its containers go on: it lets go of them by live-restore, takes them up
 * again, and only then forgets live-restore.
 */
final class RestoreFiles implements Step {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final String HERE = "/etc/docker/machine";

    /** {@code back FILE} puts one file as it was, or away; {@code final} does it to daemon.json. */
    static final String FUNCTIONS =
            """
            original={}; here=/etc/docker/machine; daemon={}
            # A link that is gone, or that something took the place of; one that leads elsewhere by now is the owner's.
            relink() {
                was=$(sed -n "s#^$1 ##p" "$original/links" 2>/dev/null); [ -n "$was" ] || return 0
                if [ -L "$1" ] || { [ -d "$1" ] && ! rmdir "$1" 2>/dev/null; }; then return 0; fi
                rm -f "$1"; ln -s "$was" "$1"
            }
            # One file as it was, or away.
            back() { relink "$1"; if [ -f "$original/files$1" ]; then restore "$original/files$1" "$1"; else rm -f "$1"; fi; }
            final() { if [ -f "$here/merged.json" ]; then place "$daemon" 0644 <"$here/merged.json"; else back "$daemon"; fi; }
            """
                    + LiveRestore.FUNCTIONS;

    private static final String NOT_AT_BOOT =
            """
            if [ -d /run/systemd/system ]; then systemctl -q disable docker.service 2>/dev/null || true
            else update-rc.d docker disable >/dev/null 2>&1 || true; fi
            """;

    /** The engine is gone with its packages: what it left goes, too. */
    static final String SWEEP =
            """
            while read -r state mode owner folder; do
                relink "$folder"
                case $folder in /var/lib/*|/opt/*)
                    case $state in
                        absent) rm -rf --one-file-system "$folder" ;;
                        empty) find "$folder/." -xdev -mindepth 1 -delete ;;
                    esac ;;
                esac
                if [ "$state" != absent ] && [ -d "$folder" ]; then chmod "$mode" "$folder"; chown "$owner" "$folder"; fi
            done <"$original/folders"
            if [ -f "$original/group" ] && ! grep -q '^docker:' "$original/group"; then
                groupdel docker 2>/dev/null || true
                # Nobody else changed it since: then its backup is put back, too.
                if cmp -s /etc/group "$original/group" && cmp -s /etc/gshadow "$original/gshadow"; then
                    for file in group- gshadow-; do if [ -f "$original/$file" ]; then cp -p "$original/$file" "/etc/$file"; fi; done
                fi
            fi
            ip link delete docker0 2>/dev/null || true
            """;

    private static final String LAST =
            """
            rm -f /run/machine-* "$here/managed.json" "$here/pair.sha256" /var/log/machine-install.log /var/log/machine-restart.log
            folders=$(sed -n 's/^absent - - //p' "$original/folders")
            rm -rf "$here"
            for folder in $folders; do case $folder in /etc/*) rmdir "$folder" 2>/dev/null || true ;; esac; done
            """;

    /** What an engine reads when it starts, daemon.json aside. */
    private static final List<String> READ_BY_ENGINE =
            List.of(
                    EngineFiles.DROP_IN,
                    EngineFiles.DEFAULT,
                    EngineFiles.CA,
                    EngineFiles.CERTIFICATE,
                    EngineFiles.KEY);

    private final UndoSteps undo;

    RestoreFiles(UndoSteps undo) {
        this.undo = undo;
    }

    @Override
    public String title() {
        return "restore files";
    }

    @Override
    public Change plan(NodeContext node) {
        SnapshotReader before = undo.before(node);
        if (!before.known()) {
            return Change.none();
        }
        List<String> lines = new ArrayList<>();
        lines.add("put the files of /etc/docker back as they were");
        if (!before.engineGoes()) {
            lines.add((before.wasActive() ? "restart" : "stop") + " the engine without them");
            Optional<String> stopped = node.facts().stoppedByRestart();
            if (stopped.isPresent()) {
                throw new MachineException(
                        stopped.get() + ": a restart would stop what runs",
                        "stop them first, or leave swarm mode (docker swarm leave)",
                        ExitCode.ERROR);
            }
        }
        return new Change(lines, List.of());
    }

    @Override
    public void apply(NodeContext node, Change change) {
        SnapshotReader before = undo.before(node);
        Script script = functions();
        if (before.engineGoes()) {
            script.run("for file in " + NodeSnapshot.FILES + "; do back \"$file\"; done")
                    .run("rmdir /etc/systemd/system/docker.service.d 2>/dev/null || true")
                    .run(SWEEP)
                    .run("if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi");
        } else {
            restart(node, before, script);
            List.of(EngineFiles.APT_LIST, EngineFiles.APT_KEY, EngineFiles.APT_PIN)
                    .forEach(file -> script.run("back {}", file));
            if (!before.wasEnabled()) {
                script.run(NOT_AT_BOOT);
            }
        }
        ScriptResult result = node.shell().asRoot(script.run(LAST), DEADLINE);
        if (!result.err().isBlank()) {
            node.note(result.lastWords());
        }
        if (result.status() != 0) {
            throw new MachineException(
                    "the node could not be put back as it was: " + result.lastWords(),
                    "`machine rm --purge " + node.record().name() + "` goes on from here",
                    ExitCode.ERROR);
        }
    }

    private static void restart(NodeContext node, SnapshotReader before, Script script) {
        Facts facts = node.facts();
        Optional<String> merged =
                DaemonUndo.of(
                                facts.file("daemon.json"),
                                facts.file("managed.json"),
                                before.daemonJson())
                        .content();
        merged.ifPresent(content -> write(script, HERE + "/merged.json", content));
        if (merged.isPresent()) {
            node.note("daemon.json keeps what somebody else set there meanwhile");
        }
        restart(node, before, merged.isPresent() ? merged : before.daemonJson(), script);
    }

    /** A script that can put files back. */
    static Script functions() {
        return new Script().placing().run(FUNCTIONS, EngineFiles.ORIGINAL, EngineFiles.DAEMON_JSON);
    }

    /** Puts back what an adopted engine reads, and has it read that. */
    static void restart(
            NodeContext node, SnapshotReader before, Optional<String> daemonJson, Script script) {
        Facts facts = node.facts();
        boolean keep = facts.runningContainers() > 0 && facts.find("engine.swarm").isEmpty();
        boolean asked = !keep || !facts.engineRuns() || facts.find("engine.answers").isPresent();
        new KeptRestart(
                        daemonJson,
                        keep,
                        !asked && LiveRestore.isSeenFromHere(node),
                        before.wasActive())
                .addTo(
                        script,
                        it -> it.run("final"),
                        it -> {
                            READ_BY_ENGINE.forEach(file -> it.run("back {}", file));
                            it.run(
                                    "rmdir /etc/systemd/system/docker.service.d 2>/dev/null || true");
                        });
    }

    private static void write(Script script, String file, String content) {
        script.write(file, content.getBytes(StandardCharsets.UTF_8), "0644");
    }
}
