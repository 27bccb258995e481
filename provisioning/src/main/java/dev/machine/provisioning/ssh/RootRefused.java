package dev.machine.provisioning.ssh;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;

/**
 * The login works, but the user cannot become root: there is no sudo password, or sudo refuses it.
 * The connection still works for what an ordinary user may read.
 */
public final class RootRefused extends MachineException {
    private static final long serialVersionUID = 1L;

    public RootRefused(String sentence, String hint) {
        super(sentence, hint, ExitCode.UNREACHABLE);
    }
}
