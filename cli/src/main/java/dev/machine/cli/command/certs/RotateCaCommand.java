package dev.machine.cli.command.certs;

import dev.machine.cli.command.AskedPasswords;
import dev.machine.cli.command.Command;
import dev.machine.cli.command.Confirmation;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.cli.command.ParallelActions;
import dev.machine.cli.output.ProgressPrinter;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Driver;
import dev.machine.driver.Power;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CaRotation;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.lifecycle.RunOptions;
import dev.machine.provisioning.store.CertificateFiles;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine certs rotate-ca}: another CA for the whole store. Until {@code --finish} both are
 * trusted, so that nothing and nobody is locked out meanwhile; type it again to go on after an
 * error.
 */
public final class RotateCaCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command(
                        "certs rotate-ca",
                        "Replace the CA and all that it issued; containers go on. Both CAs are trusted until"
                                + " --finish: give copies of ca.pem, cert.pem and key.pem to those who"
                                + " use them before that. After an error, type it again: it goes on.")
                .addOption(
                        Options.flag(
                                "trust the old CA no longer: who shows its certificates is refused",
                                "--finish"))
                .addOption(
                        Options.values(
                                "NAME",
                                "go on without this machine; machine provision NAME brings it in later",
                                "--without"))
                .addOption(Options.flag("ask nothing", "-f", "--force"))
                .addOption(AskedPasswords.sshOption())
                .addOption(AskedPasswords.sudoOption());
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
            throw new MachineException("the CA stays as it is", "-f asks nothing", ExitCode.ERROR);
        }
        End end;
        try (ProgressPrinter progress =
                ProgressPrinter.choose(
                        call.console(), call.globals().quiet(), store.machines().size())) {
            Everywhere everywhere =
                    new Everywhere(call, progress, AskedPasswords.of(call, progress));
            CaRotation rotation = new CaRotation(store, Clock.systemUTC());
            end = finish ? finish(everywhere, rotation) : rotate(everywhere, rotation);
        }
        call.tell(end.advice);
        return end.exitCode;
    }

    /** How a run ended and what comes next. */
    private record End(int exitCode, String advice) {}

    private static String question(boolean finish) {
        return finish
                ? "Copies of the old certificates stop working. Trust the old CA no longer?"
                : "Every engine restarts twice, containers go on. Replace the CA?";
    }

    private static End rotate(Everywhere everywhere, CaRotation rotation) {
        rotation.begin();
        if (rotation.phase() == CaRotation.Phase.SPREADING) {
            int spread = everywhere.bring("trusts both CAs");
            if (spread != ExitCode.OK) {
                return new End(
                        spread,
                        "the old CA goes on until every machine knows the new one: type it again, or leave a"
                                + " machine out with --without NAME");
            }
            rotation.switchOver();
            new Authority(everywhere.call.services().store(), Clock.systemUTC()).ensure();
        }
        int issued = everywhere.bring("has certificates of the new CA");
        return new End(
                issued,
                issued == ExitCode.OK
                        ? "the old CA is still trusted; end that with: machine certs rotate-ca --finish"
                        : "type it again for those that failed");
    }

    private static End finish(Everywhere everywhere, CaRotation rotation) {
        if (rotation.phase() == CaRotation.Phase.OVERLAP) {
            int issued = everywhere.bring("has certificates of the new CA");
            if (issued != ExitCode.OK) {
                return new End(
                        issued,
                        "the old CA is trusted as before: type it again, or leave a machine out with"
                                + " --without NAME");
            }
        }
        rotation.finish();
        int forgotten = everywhere.bring("trusts the new CA only");
        return new End(
                forgotten,
                forgotten == ExitCode.OK
                        ? "contexts of docker have copies of the certificates: machine context NAME renews them"
                        : "type it again for those that failed");
    }

    /** All finished machines; an unfinished one comes to where the CA is by its own next run. */
    private record Everywhere(Invocation call, ProgressPrinter progress, RunOptions options) {
        int bring(String result) {
            Set<String> without = Set.copyOf(call.values("--without"));
            List<String> names =
                    call.services().store().machines().stream()
                            .filter(machine -> machine.phase() == MachineRecord.Phase.READY)
                            .filter(machine -> isOurs(call, machine))
                            .map(MachineRecord::name)
                            .filter(name -> !without.contains(name))
                            .toList();
            Lifecycle lifecycle = call.services().lifecycle();
            return ParallelActions.run(
                    call,
                    progress,
                    names,
                    Function.identity(),
                    name -> {
                        lifecycle.followCa(name, options, progress);
                        progress.finished(name, result);
                    });
        }
    }

    /** Not an engine that somebody else set up, of which only the URL is known. */
    private static boolean isOurs(Invocation call, MachineRecord machine) {
        return machine.swarm().master()
                || call.services().drivers().stream()
                        .filter(driver -> driver.info().name().equals(machine.driver()))
                        .map(Driver::power)
                        .noneMatch(Power.None.class::isInstance);
    }
}
