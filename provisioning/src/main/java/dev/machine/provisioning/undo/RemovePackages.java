package dev.machine.provisioning.undo;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.node.SnapshotReader;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.StepId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes the packages that our installation brought, but those that something else needs by now.
 * apt runs apart from our connection, as when it installed them.
 */
final class RemovePackages implements Step {
    private static final StepId ID = new StepId("remove packages");

    private static final Duration DEADLINE = Duration.ofMinutes(20);

    /** A package that was removed but not purged before us is left so again. */
    private static final String REMOVE =
            """
            original={}; log=/run/machine-remove.log; touch "$original/cleared"
            original=$(readlink -f "$original")
            cat >/run/machine-remove.sh <<'END'
            export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
            original=$1; shift
            # dpkg takes a link to a folder for the folder, and removes it.
            relink() {
                [ ! -f "$original/links" ] || while read -r path target; do
                    if [ ! -e "$path" ] && [ ! -L "$path" ]; then ln -s "$target" "$path"; fi
                done <"$original/links"
            }
            trap relink EXIT
            dpkg --configure -a --force-confold
            for package; do
                if grep -qxF "$package" "$original/packages-configured"; then removed="$removed $package"; else purged="$purged $package"; fi
            done
            [ -z "$removed" ] || apt-get -o APT::Get::AutomaticRemove=false -o DPkg::Lock::Timeout=600 remove -y -q $removed || exit 1
            [ -z "$purged" ] || apt-get -o APT::Get::AutomaticRemove=false -o DPkg::Lock::Timeout=600 purge -y -q $purged
            END
            setsid sh /run/machine-remove.sh "$original" %s >"$log" 2>&1 </dev/null & apt=$!
            wait $apt || { grep -E '^(E:|dpkg: error)' "$log" >&2 || tail -n3 "$log" >&2; exit 1; }
            """;

    private final UndoSteps undo;

    RemovePackages(UndoSteps undo) {
        this.undo = undo;
    }

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        SnapshotReader before = undo.before(node);
        if (!before.kept().isEmpty()) {
            node.note(String.join(", ", before.kept()) + " stay: other packages need them");
        }
        return before.purged().isEmpty()
                ? Change.none()
                : Change.of("remove " + String.join(", ", before.purged()));
    }

    @Override
    public void apply(NodeContext node, Change change) {
        List<String> purged = undo.before(node).purged();
        List<String> arguments = new ArrayList<>(List.of(EngineFiles.ORIGINAL));
        arguments.addAll(purged);
        ScriptResult result =
                node.shell()
                        .asRoot(
                                new Script()
                                        .run(
                                                REMOVE.formatted("{} ".repeat(purged.size())),
                                                arguments.toArray(String[]::new)),
                                DEADLINE);
        if (result.status() != 0) {
            throw new MachineException(
                    "apt could not remove %s: %s"
                            .formatted(
                                    String.join(", ", purged),
                                    result.err().strip().replace("\n", "; ")),
                    "`machine rm --purge " + node.record().name() + "` goes on from here",
                    ExitCode.ERROR);
        }
    }
}
