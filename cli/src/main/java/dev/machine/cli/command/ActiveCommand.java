package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.MachineRecord;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code machine active}: the machine that DOCKER_HOST points at. */
public final class ActiveCommand implements Command {
    @Override
    public CommandSpec spec() {
        return Options.command("active", "Print the machine that DOCKER_HOST points at.")
                .addOption(
                        Options.value(
                                "SECONDS", "no effect; docker-machine had it", "-t", "--timeout"))
                .addPositional(Options.nothing());
    }

    @Override
    public int run(Invocation call) {
        if (!call.words().isEmpty()) {
            throw Invocation.usage("active takes no machine name");
        }
        Optional<String> host = call.console().variable("DOCKER_HOST");
        for (MachineRecord machine : call.services().store().machines()) {
            if (machine.url().isPresent() && machine.url().equals(host)) {
                call.answer(machine.name());
                return ExitCode.OK;
            }
        }
        throw new MachineException(
                host.map(url -> "no active machine: DOCKER_HOST is " + url)
                        .orElse("no active machine: DOCKER_HOST is not set"),
                "eval $(machine env NAME) makes NAME active",
                ExitCode.ERROR);
    }
}
