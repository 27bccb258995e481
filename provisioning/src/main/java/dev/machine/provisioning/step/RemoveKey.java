package dev.machine.provisioning.step;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Takes the machine's own key out of the authorized keys again; the last of all, because it is the
 * way in. A key that the user gave stays.
 */
public final class RemoveKey implements Step {
    /** What a record says of a machine whose key may be gone already. */
    public static final String TITLE = "remove key";

    static final String REMOVE =
            """
            line={}; cd; file=.ssh/authorized_keys; before=.ssh/machine-before
            [ -f "$before" ] || exit 0
            read -r folder mode cut <"$before" || true
            # Only what we took of a mode comes back: what the owner narrowed meanwhile stays so.
            widen() { if [ "$(stat -Lc %a "$1")" = "$(printf %o $((0$2 & ~022)))" ]; then chmod "$2" "$1"; fi; }
            if [ -f "$file" ] && grep -qxF "$line" "$file"; then
                last=$(tail -n1 "$file")
                # We had ended a last line that had no newline.
                if [ "$cut" = cut ] && [ "$last" = "$line" ]; then printf %s "$(grep -vxF "$line" "$file" || true)"
                else grep -vxF "$line" "$file" || true; fi | place "$file" 0600
                [ "$mode" = absent ] || widen "$file" "$mode"
                if [ "$mode" = absent ] && [ ! -s "$file" ] && [ ! -L "$file" ]; then rm "$file"; fi
            fi
            rm "$before"
            if [ "$folder" = absent ]; then rmdir .ssh 2>/dev/null || true; else widen .ssh "$folder"; fi
            """;

    @Override
    public String title() {
        return TITLE;
    }

    @Override
    public boolean appliesTo(NodeContext node) {
        return Files.exists(publicKey(node));
    }

    @Override
    public Change plan(NodeContext node) {
        return Change.of("take the machine's key from " + node.target().user());
    }

    @Override
    public void apply(NodeContext node, Change change) {
        node.save(node.record().removingAt(TITLE));
        ScriptResult result =
                node.shell()
                        .asUser(
                                new Script()
                                        .placing()
                                        .run(REMOVE, AtomicFiles.text(publicKey(node)).strip()));
        if (result.status() != 0) {
            throw new MachineException(
                    "the public key could not be removed: " + result.lastWords());
        }
    }

    private static Path publicKey(NodeContext node) {
        return node.tools()
                .store()
                .machine(node.record().name())
                .resolve(AuthorizeKey.KEY_FILE + ".pub");
    }
}
