package dev.machine.cli.command.certs;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Confirmation;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.MachineNames;
import dev.machine.cli.command.Options;
import dev.machine.cli.command.ParallelActions;
import dev.machine.cli.command.RunFlags;
import dev.machine.cli.output.ProgressPrinter;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.lifecycle.RunOptions;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine regenerate-certs}, also {@code certs rotate}: issues new certificates and keys for
 * engines and endpoints. The CA stays, so that old client certificates keep working; {@link
 * RotateCaCommand} replaces the CA.
 */
public final class RegenerateCertsCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command(
                        "regenerate-certs",
                        "Issue new certificates and keys for machines; containers keep running.")
                .addOption(
                        Options.flag(
                                "replace your own cert.pem and key.pem too; without NAME, only these",
                                "--client-certs"))
                .addOption(Options.flag("do not ask for confirmation", "-f", "--force"))
                .addOption(RunFlags.sshPassword())
                .addOption(RunFlags.sudoPassword())
                .addOption(RunFlags.restartContainers())
                .addPositional(Options.machines());
    }

    @Override
    public int run(Invocation call) {
        boolean user = call.flag("--client-certs");
        List<String> names = user && call.words().isEmpty() ? List.of() : MachineNames.many(call);
        names.forEach(call.services().store()::load);
        if (!call.flag("--force")
                && !Confirmation.yes(
                        call, "Regenerate TLS machine certs?  Warning: this is irreversible.")) {
            throw new MachineException(
                    "no certificate was replaced",
                    "machine regenerate-certs -f does not ask",
                    ExitCode.ERROR);
        }
        if (user) {
            call.services().authority().renewClientCertificate();
        }
        Lifecycle lifecycle = call.services().lifecycle();
        try (ProgressPrinter progress =
                ProgressPrinter.choose(call.console(), call.globals().quiet(), names.size())) {
            RunOptions options = RunFlags.read(call, progress);
            return ParallelActions.run(
                    call,
                    progress,
                    names,
                    name -> {
                        lifecycle.renewCertificates(name, options, progress);
                        progress.finished(name, "has new certificates");
                    });
        }
    }
}
