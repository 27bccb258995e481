package dev.machine.provisioning.lifecycle;

import dev.machine.provisioning.step.Permissions;

/**
 * What a person gives for one run, and no record keeps.
 *
 * @param passwords asked for one only when it is needed
 */
public record RunOptions(Lifecycle.Passwords passwords, Permissions permissions) {
    /**
     * For a run that nobody watches: no password can be asked for, and nothing extra is allowed.
     */
    public static final RunOptions UNATTENDED =
            new RunOptions(NoPasswords.INSTANCE, Permissions.NONE);
}
