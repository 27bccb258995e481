package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.store.MachineRecord;
import dev.machine.store.SshAccess;
import dev.machine.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine ssh}: the system's ssh with our key and our pinned host keys; all that follows the
 * name is its own, and so is the exit code.
 */
public final class Ssh implements Verb {
    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                Options.command("ssh", "Log in to a machine, or run a command on it.")
                        .addPositional(
                                Options.words("NAME [COMMAND...]", "the machine, then ssh's own"));
        // machine ssh NAME ls -l: the -l is not ours.
        spec.parser().stopAtPositional(true);
        return spec;
    }

    @Override
    public int run(Invocation call) {
        List<String> words = call.words();
        String name = words.isEmpty() ? Names.one(call) : words.getFirst();
        Store store = call.services().store();
        MachineRecord machine = store.load(name);
        SshAccess access =
                machine.ssh()
                        .orElseThrow(
                                () ->
                                        new MachineException(
                                                name
                                                        + " has no SSH: its driver is "
                                                        + machine.driver()));
        call.console().out().flush();
        return exec(
                command(
                        store,
                        name,
                        access,
                        words.isEmpty() ? words : words.subList(1, words.size())));
    }

    static List<String> command(Store store, String name, SshAccess access, List<String> rest) {
        List<String> command = new ArrayList<>(List.of("ssh"));
        option(command, "UserKnownHostsFile=" + store.knownHosts());
        option(command, "GlobalKnownHostsFile=/dev/null");
        option(command, "StrictHostKeyChecking=yes");
        option(command, "UpdateHostKeys=no");
        access.key()
                .ifPresent(
                        key -> {
                            Path file = store.machine(name).resolve(key);
                            option(command, "IdentitiesOnly=yes");
                            command.addAll(List.of("-i", file.toString()));
                        });
        command.addAll(List.of("-p", Integer.toString(access.port())));
        command.addAll(List.of("-l", access.user(), access.address()));
        command.addAll(rest);
        return command;
    }

    private static void option(List<String> command, String option) {
        command.add("-o");
        command.add(option);
    }

    private static int exec(List<String> command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new MachineException(
                    "there is no ssh on this computer",
                    "install an OpenSSH client",
                    ExitCode.ERROR,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }
}
