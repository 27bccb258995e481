package dev.machine.provisioning.ssh;

import dev.machine.common.MachineException;
import java.util.function.Supplier;

/** How the user that logged in becomes root. */
public sealed interface RootAccess {
    /** It is root. */
    record IsRoot() implements RootAccess {}

    /** In no way: what needs root is refused with this. */
    record Refused(MachineException why) implements RootAccess {}

    /**
     * {@code sudo -n} works.
     *
     * @param terminal whether sudo wants one (sudoers' {@code requiretty})
     */
    record Passwordless(boolean terminal) implements RootAccess {}

    /** sudo asks for a password; the supplier is called when sudo asks, not before. */
    record WithPassword(Supplier<char[]> password, boolean terminal) implements RootAccess {}
}
