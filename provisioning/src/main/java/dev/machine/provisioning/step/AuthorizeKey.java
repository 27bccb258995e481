package dev.machine.provisioning.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.ssh.SshKeyPair;
import dev.machine.provisioning.store.SshAccess;
import java.nio.file.Path;
import java.util.Optional;

/**
 * After a login with the one-time password, installs a key for this machine and proves it by a
 * second login. The password is not needed any more.
 */
public final class AuthorizeKey implements Step {
    private static final StepId ID = new StepId("authorize key");

    /**
     * The file in the machine's folder of the store; the public key's file ends in {@code .pub}.
     */
    public static final String KEY_FILE = "id_ed25519";

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public boolean appliesTo(NodeContext node) {
        return node.shell().byPassword();
    }

    @Override
    public Change plan(NodeContext node) {
        return Change.of("add a public key to the authorized keys of " + node.target().user());
    }

    @Override
    public void apply(NodeContext node, Change change) {
        Path key = node.tools().store().machine(node.record().name()).resolve(KEY_FILE);
        String publicKey = SshKeyPair.kept(key, "machine " + node.record().name());
        ScriptResult result =
                node.shell()
                        .asUser(
                                new Script()
                                        .placing()
                                        .include(
                                                AuthorizeKey.class, "authorize-key.sh", publicKey));
        if (result.status() != 0) {
            throw new MachineException(
                    "the public key could not be installed: " + result.lastWords());
        }
        SshAccess access = node.record().ssh().orElseThrow();
        node.save(
                node.record()
                        .withSsh(
                                new SshAccess(
                                        access.address(),
                                        access.port(),
                                        access.user(),
                                        Optional.of(KEY_FILE),
                                        access.jump()),
                                node.record().hostKeys()));
        node.reconnect(node.target().withKey(key));
        if (node.shell().byPassword()) {
            throw new MachineException(
                    "the key was installed, but sshd does not accept it",
                    "look at AuthorizedKeysFile and the modes of the home folder on the node",
                    ExitCode.UNREACHABLE);
        }
    }
}
