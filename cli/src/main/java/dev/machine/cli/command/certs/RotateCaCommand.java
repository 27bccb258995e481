package dev.machine.cli.command.certs;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Confirmation;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.cli.command.ParallelActions;
import dev.machine.cli.command.RunFlags;
import dev.machine.cli.output.ProgressPrinter;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.lifecycle.CaReplacement;
import dev.machine.provisioning.lifecycle.CaReplacement.Outcome;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.lifecycle.RunOptions;
import dev.machine.provisioning.store.CertificateFiles;
import dev.machine.provisioning.store.Store;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine certs rotate-ca}: replaces the CA of the store without downtime. Both CAs are
 * trusted until {@code --finish}. After an error the same command continues.
 */
public final class RotateCaCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command(
                        "certs rotate-ca",
                        "Replace the CA without downtime; containers keep running. All certificates are"
                                + " issued anew. Old certificates work until --finish; before that, replace"
                                + " the copies of ca.pem, cert.pem and key.pem that others use. After an"
                                + " error, type the same command again; it continues.")
                .addOption(
                        Options.flag(
                                "stop trusting the old CA; its certificates are refused",
                                "--finish"))
                .addOption(
                        Options.values(
                                "NAME",
                                "skip this machine; run machine provision NAME for it later",
                                "--without"))
                .addOption(Options.flag("do not ask for confirmation", "-f", "--force"))
                .addOption(RunFlags.sshPassword())
                .addOption(RunFlags.sudoPassword());
    }

    @Override
    public int run(Invocation call) {
        Store store = call.services().store();
        if (!Files.exists(store.certs().resolve(CertificateFiles.CA))) {
            throw new MachineException(
                    "this store has no CA yet",
                    "the first machine create makes one",
                    ExitCode.ERROR);
        }
        boolean finish = call.flag("--finish");
        if (!call.flag("--force") && !Confirmation.yes(call, question(finish))) {
            throw new MachineException(
                    "the CA was not replaced", "-f does not ask", ExitCode.ERROR);
        }
        Outcome outcome;
        try (ProgressPrinter progress =
                ProgressPrinter.choose(
                        call.console(), call.globals().quiet(), store.machines().size())) {
            RunOptions options = RunFlags.read(call, progress);
            CaReplacement.Everywhere everywhere =
                    (round, machines) -> bring(call, progress, options, round, machines);
            Set<String> without = Set.copyOf(call.values("--without"));
            CaReplacement replacement = call.services().caReplacement();
            outcome =
                    finish
                            ? replacement.finish(without, everywhere)
                            : replacement.rotate(without, everywhere);
        }
        call.tell(advice(outcome));
        return outcome == Outcome.OVERLAP || outcome == Outcome.FINISHED
                ? ExitCode.OK
                : ExitCode.SOME_FAILED;
    }

    private static String question(boolean finish) {
        return finish
                ? "Copies of the old certificates stop working. Stop trusting the old CA?"
                : "Every engine restarts twice; containers keep running. Replace the CA?";
    }

    private static String advice(Outcome outcome) {
        return switch (outcome) {
            case NOT_SPREAD ->
                    "the old CA stays until every machine trusts the new one: type the command again,"
                            + " or skip a machine with --without NAME";
            case NOT_READY_TO_FINISH ->
                    "the old CA is still trusted: type the command again, or skip a machine with"
                            + " --without NAME";
            case NOT_ISSUED, NOT_FORGOTTEN -> "type the command again for the machines that failed";
            case OVERLAP ->
                    "the old CA is still trusted until you run: machine certs rotate-ca --finish";
            case FINISHED ->
                    "docker contexts contain copies of the certificates: renew them with machine context NAME";
        };
    }

    private static boolean bring(
            Invocation call,
            ProgressPrinter progress,
            RunOptions options,
            CaReplacement.Round round,
            List<String> machines) {
        String result =
                switch (round) {
                    case TRUSTS_BOTH -> "trusts both CAs";
                    case HAS_NEW_CERTIFICATES -> "has certificates of the new CA";
                    case TRUSTS_NEW_ONLY -> "trusts the new CA only";
                };
        Lifecycle lifecycle = call.services().lifecycle();
        int exitCode =
                ParallelActions.run(
                        call,
                        progress,
                        machines,
                        name -> {
                            lifecycle.followCa(name, options, progress);
                            progress.finished(name, result);
                        });
        return exitCode == ExitCode.OK;
    }
}
