package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.Store;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine context}: writes a context of the docker CLI for a machine, so that {@code docker
 * --context NAME} and {@code docker context use NAME} work without machine. Run it again after the
 * address or the certificates change. A context that something else made is not changed.
 */
public final class ContextCommand implements Command {
    // Docker's own rule for names of contexts.
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.+-]+");
    private static final String DEFAULT = "default";

    @Override
    public CommandSpec spec() {
        return Options.command(
                        "context",
                        "Make a docker context for a machine: docker --context NAME info")
                .addOption(Options.flag("the swarm whose master is NAME", "--swarm"))
                .addOption(
                        Options.value(
                                "CONTEXT", "name of the context (the machine's name)", "--as"))
                .addOption(Options.flag("remove the context", "--rm"))
                .addOption(
                        Options.flag(
                                "replace or remove a context that was not made by this command",
                                "--force"))
                .addPositional(Options.word("[NAME]", "the machine"));
    }

    @Override
    public int run(Invocation call) {
        String machine = MachineNames.one(call);
        String name = call.value("--as").orElse(machine);
        if (!NAME.matcher(name).matches() || name.equals(DEFAULT)) {
            throw new MachineException(
                    "\"" + name + "\" cannot be the name of a docker context",
                    "choose another name: --as CONTEXT",
                    ExitCode.USAGE);
        }
        DockerContexts contexts = new DockerContexts(config(call));
        return call.flag("--rm")
                ? remove(call, contexts, name)
                : write(call, contexts, machine, name);
    }

    private static int write(
            Invocation call, DockerContexts contexts, String machine, String name) {
        Store store = call.services().store();
        ConnectionTarget target = ConnectionTarget.load(store, machine, call.flag("--swarm"));
        refuseOthers(call, contexts.owner(name), name);
        contexts.write(
                name,
                (target.machine().swarm().master() ? "swarm of machine " : "machine ") + machine,
                target.url(),
                store.certs(),
                store.base());
        call.answer(name);
        call.tell("use it with: docker --context " + name + " info");
        target.warn(call);
        return ExitCode.OK;
    }

    private static int remove(Invocation call, DockerContexts contexts, String name) {
        Optional<String> owner = contexts.owner(name);
        if (owner.isEmpty()) {
            throw new MachineException(
                    "there is no context called " + name, "docker context ls", ExitCode.NOT_FOUND);
        }
        refuseOthers(call, owner, name);
        if (contexts.current(name)) {
            throw new MachineException(
                    "docker is using the context " + name,
                    "first: docker context use default",
                    ExitCode.ERROR);
        }
        contexts.remove(name);
        call.answer(name);
        return ExitCode.OK;
    }

    private static void refuseOthers(Invocation call, Optional<String> owner, String name) {
        String ours = call.services().store().base().toString();
        if (owner.isPresent() && !owner.get().equals(ours) && !call.flag("--force")) {
            throw new MachineException(
                    "the context "
                            + name
                            + (owner.get().isEmpty()
                                    ? " was not made by machine context"
                                    : " belongs to the store " + owner.get()),
                    "choose another name with --as CONTEXT, or replace it with --force",
                    ExitCode.ERROR);
        }
    }

    private static Path config(Invocation call) {
        return call.console()
                .variable("DOCKER_CONFIG")
                .map(Path::of)
                .orElseGet(
                        () ->
                                Path.of(
                                                call.console()
                                                        .variable("HOME")
                                                        .orElse(System.getProperty("user.home")))
                                        .resolve(".docker"));
    }
}
