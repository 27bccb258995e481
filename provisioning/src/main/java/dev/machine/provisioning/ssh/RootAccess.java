package dev.machine.provisioning.ssh;

import dev.machine.common.MachineException;
import java.util.function.Supplier;

/** How the user that logged in becomes root. */
public sealed interface RootAccess {
    /** The user is root. */
    record IsRoot() implements RootAccess {}

    /** Not at all; a call that needs root fails with this error. */
    record Refused(MachineException why) implements RootAccess {}

    /**
     * {@code sudo -n} works.
     *
     * @param terminal whether sudo needs one (sudoers' {@code requiretty})
     */
    record Passwordless(boolean terminal) implements RootAccess {}

    /** sudo asks for a password; the supplier is called only when sudo asks. */
    record WithPassword(Supplier<char[]> password, boolean terminal) implements RootAccess {}
}
