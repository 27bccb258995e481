package dev.machine.cli.command;

import dev.machine.common.ArgumentQuoting;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.JumpHost;
import dev.machine.driver.SshOptions;
import dev.machine.provisioning.ssh.HostKeys;
import dev.machine.provisioning.ssh.HostSettings;
import dev.machine.provisioning.ssh.KeyCopy;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.SshAccess;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine ssh}: runs the system's ssh with the store's key and pinned host keys. All
 * arguments after the name go to ssh, and its exit code is returned.
 */
public final class SshCommand implements Command {
    private static final Pattern SAFE_UNQUOTED = Pattern.compile("[\\w/.,:;@%+=~-]*");

    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                Options.command("ssh", "Log in to a machine, or run a command on it.")
                        .addPositional(
                                Options.word(
                                        "NAME [COMMAND...]",
                                        "the machine, then a command or options of ssh"));
        // In machine ssh NAME ls -l the -l belongs to ls.
        spec.parser().stopAtPositional(true);
        return spec;
    }

    @Override
    public int run(Invocation call) {
        List<String> words = call.words();
        String name = words.isEmpty() ? MachineNames.one(call) : words.getFirst();
        Store store = call.services().store();
        MachineRecord machine = store.load(name);
        SshAccess access = machine.requiredSsh();
        call.console().out().flush();
        return exec(
                command(
                        store,
                        call.services().userSsh(),
                        machine,
                        access,
                        words.isEmpty() ? words : words.subList(1, words.size())));
    }

    /**
     * The command line of ssh. The user's ~/.ssh/config still decides what is not set here, as keys
     * and agent; therefore ssh gets the host name that the user typed, and the address separately.
     */
    static List<String> command(
            Store store, UserSsh user, MachineRecord machine, SshAccess access, List<String> rest) {
        List<String> command = trusting(store, access.address(), access.port());
        access.key()
                .ifPresent(
                        key -> {
                            Path file = store.machine(machine.name()).resolve(key);
                            option(command, "IdentitiesOnly=yes");
                            // Not -i, because it looks for the file before it replaces tokens.
                            option(command, "IdentityFile=" + quoted(literal(file.toString())));
                            renewed(machine)
                                    .ifPresent(it -> option(command, "CertificateFile=" + it));
                        });
        option(command, "HostName=" + literal(access.address()));
        option(
                command,
                "ProxyCommand="
                        + access.jump().map(jump -> through(store, user, jump)).orElse("none"));
        command.addAll(List.of("-p", Integer.toString(access.port())));
        command.addAll(List.of("-l", access.user()));
        command.add(SshOptions.typed(machine.driverState()).orElse(access.address()));
        command.addAll(rest);
        return command;
    }

    /**
     * The certificate beside the user's own key, because the one beside our copy may have expired.
     */
    private static Optional<String> renewed(MachineRecord machine) {
        return SshOptions.key(machine.driverState())
                .map(KeyCopy::certificate)
                .filter(Files::isRegularFile)
                .map(file -> quoted(literal(file.toString())));
    }

    /**
     * A ProxyCommand through the jump host, because {@code -J} would not use our pinned keys for
     * it.
     */
    private static String through(Store store, UserSsh user, String jump) {
        JumpHost host =
                JumpHost.parse(jump)
                        .orElseThrow(
                                () ->
                                        new MachineException(
                                                "the machine's record has \""
                                                        + jump
                                                        + "\" as ssh.jump, which is not a host"));
        HostSettings settings = user.settings(host.host(), host.user(), host.port(), note -> {});
        List<String> command =
                trusting(
                        store,
                        settings.hostName().orElse(host.host()),
                        host.port().orElse(settings.port().orElse(22)));
        option(command, "ProxyCommand=none");
        host.user().ifPresent(name -> command.addAll(List.of("-l", name)));
        host.port().ifPresent(port -> command.addAll(List.of("-p", Integer.toString(port))));
        String words =
                command.stream()
                        .map(word -> ArgumentQuoting.quote(word).replace("%", "%%"))
                        .collect(Collectors.joining(" "));
        return words + " -W [%h]:%p " + ArgumentQuoting.quote(host.host());
    }

    /**
     * Options that accept only our pinned host keys, under the host's address; the user's
     * configuration may have an alias.
     */
    private static List<String> trusting(Store store, String address, int port) {
        List<String> command = new ArrayList<>(List.of("ssh"));
        option(command, "UserKnownHostsFile=" + quoted(literal(store.knownHosts().toString())));
        option(command, "HostKeyAlias=" + HostKeys.host(address, port).toLowerCase(Locale.ROOT));
        option(command, "GlobalKnownHostsFile=/dev/null");
        option(command, "StrictHostKeyChecking=yes");
        option(command, "UpdateHostKeys=no");
        return command;
    }

    /** Doubles percent signs, because ssh replaces tokens that begin with one. */
    private static String literal(String value) {
        return value.replace("%", "%%");
    }

    /**
     * Quotes a value, because ssh removes quotation marks and backslashes from values of options.
     */
    private static String quoted(String value) {
        return SAFE_UNQUOTED.matcher(value).matches()
                ? value
                : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void option(List<String> command, String option) {
        command.add("-o");
        command.add(option);
    }

    private static int exec(List<String> command) {
        try {
            ProcessBuilder ssh = new ProcessBuilder(command).inheritIO();
            UserLocale.restore(ssh.environment());
            return ssh.start().waitFor();
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
