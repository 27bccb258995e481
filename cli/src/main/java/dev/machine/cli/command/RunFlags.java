package dev.machine.cli.command;

import dev.machine.cli.output.ProgressPrinter;
import dev.machine.provisioning.lifecycle.RunOptions;
import dev.machine.provisioning.step.Permissions;
import picocli.CommandLine.Model.OptionSpec;

/** The options that say what one run may do to nodes, and where its passwords come from. */
public final class RunFlags {
    private static final String SUDO = "--sudo-passwd-stdin";
    private static final String SSH = "--ssh-passwd-stdin";
    private static final String CLOCK = "--set-clock";
    private static final String RESTART = "--restart-containers";
    private static final String PACKAGES = "--allow-package-changes";

    private RunFlags() {}

    public static OptionSpec sshPassword() {
        return Options.flag("read the SSH password from standard input", SSH);
    }

    public static OptionSpec sudoPassword() {
        return Options.flag("read the sudo password from standard input", SUDO);
    }

    public static OptionSpec restartContainers() {
        return Options.flag("allow an engine restart that stops containers", RESTART);
    }

    static OptionSpec packageChanges() {
        return Options.flag("let apt remove, downgrade or change held packages", PACKAGES);
    }

    static OptionSpec setClock() {
        return Options.flag("set the node's clock from this computer first if it is off", CLOCK);
    }

    /** The options of a run on machines that exist. Reads passwords from standard input. */
    public static RunOptions read(Invocation call, ProgressPrinter progress) {
        return read(call, progress, call.flag(SSH), "MACHINE_SSH_PASSWD");
    }

    /**
     * The same for a new machine, whose driver has its own options for the SSH password.
     *
     * @param sshVariable the variable of the SSH password
     */
    static RunOptions read(
            Invocation call, ProgressPrinter progress, boolean sshFromStdin, String sshVariable) {
        return new RunOptions(
                UserPasswords.read(
                        call.console(), progress, sshFromStdin, call.flag(SUDO), sshVariable),
                new Permissions(call.flag(RESTART), call.flag(PACKAGES), call.flag(CLOCK)));
    }
}
