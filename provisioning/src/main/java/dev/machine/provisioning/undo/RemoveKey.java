package dev.machine.provisioning.undo;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.step.AuthorizeKey;
import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.StepId;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Removes the machine's own key from the authorized keys. It is the last step, because the login
 * needs the key. A key that the user gave stays.
 */
public final class RemoveKey implements Step {
    /** What a record says of a machine whose key may be gone already. */
    public static final StepId ID = new StepId("remove key");

    @Override
    public StepId id() {
        return ID;
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
        node.save(node.record().removingAt(ID.title()));
        ScriptResult result =
                node.shell()
                        .asUser(
                                new Script()
                                        .placing()
                                        .include(
                                                RemoveKey.class,
                                                "remove-key.sh",
                                                AtomicFiles.text(publicKey(node)).strip()));
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
