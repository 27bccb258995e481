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
 * After a login with the one-time password: a key of the machine's own is installed, a second login
 * with it proves it, and the password is needed no more.
 */
final class AuthorizeKey implements Step {
    static final String KEY_FILE = "id_ed25519";

    static final String ADD =
            """
            line={}; cd; file=.ssh/authorized_keys
            for link in .ssh "$file"; do
                if [ -L "$link" ] && [ ! -e "$link" ]; then echo "~/$link is a link to $(readlink "$link"), which is not there" >&2; exit 74; fi
            done
            if [ -e "$file" ] && [ ! -f "$file" ]; then echo "~/$file is no regular file" >&2; exit 74; fi
            # How it was before, for `rm --purge`.
            if [ ! -e .ssh ]; then
                rm -rf .ssh.machine; mkdir -m 700 .ssh.machine; echo "absent absent" >.ssh.machine/machine-before; mv .ssh.machine .ssh
            elif [ ! -f .ssh/machine-before ]; then
                echo "$(stat -Lc %a .ssh) $(stat -Lc %a "$file" 2>/dev/null || echo absent)" \
                    "$([ ! -s "$file" ] || [ -z "$(tail -c1 "$file")" ] || echo cut)" >.ssh/machine-before.new
                mv .ssh/machine-before.new .ssh/machine-before
            fi
            # sshd reads no keys that others can change (sshd_config(5), StrictModes); it asks for no more.
            case $(stat -Lc %a .ssh) in *[2367][0-7]|*[2367]) chmod go-w .ssh ;; esac
            [ -e "$file" ] || (umask 077; : >"$file")
            if ! grep -qxF "$line" "$file"; then
                # A last line without its newline would swallow ours.
                end=$([ ! -s "$file" ] || [ -z "$(tail -c1 "$file")" ] || echo cut)
                if [ -w "$file" ]; then { [ -z "$end" ] || echo; printf '%s\\n' "$line"; } >>"$file"
                else { cat "$file"; [ -z "$end" ] || echo; printf '%s\\n' "$line"; } | place "$file" 0600; fi
            fi
            case $(stat -Lc %a "$file") in *[2367][0-7]|*[2367]) chmod go-w "$file" ;; esac
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
        ScriptResult result = node.shell().asUser(new Script().placing().run(ADD, publicKey));
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
