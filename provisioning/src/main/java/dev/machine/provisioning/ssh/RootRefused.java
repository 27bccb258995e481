package dev.machine.provisioning.ssh;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;

/**
 * The login works, but root is out of reach: there is no sudo password, or sudo does not take it.
 * The connection is sound, so that what an ordinary user can see may still be asked.
 */
public final class RootRefused extends MachineException {
    private static final long serialVersionUID = 1L;

    public RootRefused(String sentence, String hint) {
        super(sentence, hint, ExitCode.UNREACHABLE);
    }
}
