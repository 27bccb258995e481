package dev.machine.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.ssh.Result;
import dev.machine.ssh.Script;
import dev.machine.ssh.SshKeyPair;
import dev.machine.store.SshAccess;
import java.nio.file.Path;
import java.util.Optional;

/**
 * After a login with the one-time password: a key of the machine's own is installed, a second login
 * with it proves it, and the password is needed no more.
 */
final class AuthorizeKey implements Step {
    static final String KEY_FILE = "id_ed25519";

    static final String ADD =
            """
            line={}; cd; file=.ssh/authorized_keys
            # How it was before, for `rm --purge`.
            if [ ! -d .ssh ]; then
                rm -rf .ssh.machine; mkdir .ssh.machine; echo "absent absent" >.ssh.machine/machine-before; mv .ssh.machine .ssh
            elif [ ! -f .ssh/machine-before ]; then
                echo "$(stat -c %a .ssh) $(stat -c %a "$file" 2>/dev/null || echo absent)" \
                    "$([ ! -s "$file" ] || [ -z "$(tail -c1 "$file")" ] || echo cut)" >.ssh/machine-before.new
                mv .ssh/machine-before.new .ssh/machine-before
            fi
            chmod 700 .ssh
            if ! grep -qxF "$line" "$file" 2>/dev/null; then
                # A last line without its newline would swallow ours.
                if [ -s "$file" ] && [ -n "$(tail -c1 "$file")" ]; then echo >>"$file"; fi
                printf '%s\\n' "$line" >>"$file"
            fi
            chmod 600 "$file"
            """;

    @Override
    public String title() {
        return "authorize key";
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
        Result result = node.shell().asUser(new Script().run(ADD, publicKey));
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
