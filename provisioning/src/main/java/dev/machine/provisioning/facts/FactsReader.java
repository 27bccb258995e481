package dev.machine.provisioning.facts;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.RootAccess;
import dev.machine.provisioning.ssh.RootRefused;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the facts of a node, as root, in one round trip; a second one is needed only if sudo asks
 * for a password. It also finds out how to become root.
 */
public final class FactsReader {
    private final Clock clock;
    private final String script;

    /**
     * @param script prints the facts; its one argument is the engine's port
     */
    public FactsReader(Clock clock, String script) {
        this.clock = clock;
        this.script = script;
    }

    /**
     * Reads the facts for the first time on a connection, and tells the shell how to become root.
     */
    public Facts first(NodeShell shell, int enginePort, Supplier<char[]> sudoPassword) {
        Script ask =
                new Script()
                        .include(
                                FactsReader.class,
                                "as-root.sh",
                                script,
                                Integer.toString(enginePort));
        ScriptResult answer = shell.asUser(ask);
        Facts found = Facts.parse(answer.out(), clock.instant());
        switch (found.text("root")) {
            case "direct" -> shell.becomeRootBy(new RootAccess.IsRoot());
            case "passwordless" -> shell.becomeRootBy(new RootAccess.Passwordless(false));
            case "passwordless-terminal" -> {
                shell.becomeRootBy(new RootAccess.Passwordless(true));
                return again(shell, enginePort, found);
            }
            case "password", "password-terminal" -> {
                boolean terminal = found.text("root").endsWith("-terminal");
                shell.becomeRootBy(new RootAccess.WithPassword(sudoPassword, terminal));
                try {
                    return again(shell, enginePort, found);
                } catch (RootRefused e) {
                    return withoutRoot(shell, complete(found, answer), e);
                }
            }
            case "none" -> {
                return withoutRoot(
                        shell,
                        complete(found, answer),
                        new MachineException(
                                "the login user is not root and the node has no sudo",
                                "log in as root, or install sudo and let the user use it",
                                ExitCode.PRE_CREATE_CHECK));
            }
            default -> throw unreadable(answer);
        }
        return complete(found, answer);
    }

    /**
     * Facts without root, so that a user who asks for problems sees all of them, not only this one.
     */
    private static Facts withoutRoot(NodeShell shell, Facts seen, MachineException why) {
        shell.becomeRootBy(new RootAccess.Refused(why));
        return new Facts(seen.values(), seen.skew(), Optional.of(why));
    }

    /** Reads the facts again after a change; what only the login user could see is copied. */
    public Facts again(NodeShell shell, int enginePort, Facts before) {
        ScriptResult answer =
                shell.asRoot(
                        new Script()
                                .run("sh -c {} facts {}", script, Integer.toString(enginePort)));
        return merge(before, complete(Facts.parse(answer.out(), clock.instant()), answer));
    }

    private static Facts complete(Facts facts, ScriptResult answer) {
        if (facts.find("end").isEmpty()) {
            throw unreadable(answer);
        }
        return facts;
    }

    private static Facts merge(Facts first, Facts second) {
        Map<String, String> all = new HashMap<>(second.values());
        all.put("ssh.connection", first.text("ssh.connection"));
        all.put("root", first.text("root"));
        return new Facts(all, second.skew(), Optional.empty());
    }

    private static MachineException unreadable(ScriptResult answer) {
        return new MachineException("the node did not say what it is: " + answer.lastWords());
    }
}
