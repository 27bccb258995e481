package dev.machine.cli;

import static dev.machine.cli.CommandGroup.CERTIFICATES;
import static dev.machine.cli.CommandGroup.CONNECT;
import static dev.machine.cli.CommandGroup.IMAGES;
import static dev.machine.cli.CommandGroup.MACHINES;
import static dev.machine.cli.CommandGroup.MORE;
import static dev.machine.cli.CommandGroup.SWARM;

import dev.machine.cli.command.ActiveCommand;
import dev.machine.cli.command.Command;
import dev.machine.cli.command.ConfigCommand;
import dev.machine.cli.command.ContextCommand;
import dev.machine.cli.command.CreateCommand;
import dev.machine.cli.command.DoctorCommand;
import dev.machine.cli.command.EnvCommand;
import dev.machine.cli.command.InspectCommand;
import dev.machine.cli.command.IpCommand;
import dev.machine.cli.command.LogsCommand;
import dev.machine.cli.command.LsCommand;
import dev.machine.cli.command.PowerCommand;
import dev.machine.cli.command.ProvisionCommand;
import dev.machine.cli.command.RmCommand;
import dev.machine.cli.command.SshCommand;
import dev.machine.cli.command.StatusCommand;
import dev.machine.cli.command.UrlCommand;
import dev.machine.cli.command.VersionCommand;
import dev.machine.cli.command.certs.CertsLsCommand;
import dev.machine.cli.command.certs.RegenerateCertsCommand;
import dev.machine.cli.command.certs.RotateCaCommand;
import dev.machine.cli.command.image.ImageExportCommand;
import dev.machine.cli.command.image.ImageImportCommand;
import dev.machine.cli.command.image.ImageLsCommand;
import dev.machine.cli.command.image.ImageResolveCommand;
import dev.machine.cli.command.image.ImageRmCommand;
import dev.machine.cli.command.image.ImageRulesCommand;
import dev.machine.cli.command.image.ImageSetCommand;
import dev.machine.cli.command.swarm.SwarmListCommand;
import dev.machine.cli.command.swarm.SwarmManageCommand;
import dev.machine.cli.command.swarm.SwarmStatusCommand;
import dev.machine.cli.completion.CompletionCommand;
import dev.machine.cli.completion.CompletionModel;
import dev.machine.driver.Driver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Every command once, in the order of {@code machine help}. Dispatch, help, completion and "did you
 * mean" read this list; only the command that was typed is made.
 */
final class CommandList {
    private static final String HELP = "help";
    private static final String HELP_SUMMARY =
            "print the help of a command; see also help exit-codes";

    private static final List<CommandEntry> ALL =
            List.of(
                    entry("create", MACHINES, "create machines", CreateCommand::new),
                    entry("ls", MACHINES, "list machines", _ -> new LsCommand()),
                    entry(
                            "inspect",
                            MACHINES,
                            "print the record of a machine",
                            _ -> new InspectCommand()),
                    entry(
                            "status",
                            MACHINES,
                            "print the state of a machine",
                            _ -> new StatusCommand()),
                    entry(
                            "start",
                            MACHINES,
                            "start machines, or a swarm's endpoint",
                            _ -> PowerCommand.start()),
                    entry(
                            "stop",
                            MACHINES,
                            "stop machines, or a swarm's endpoint",
                            _ -> PowerCommand.stop()),
                    entry(
                            "restart",
                            MACHINES,
                            "restart machines, or a swarm's endpoint",
                            _ -> PowerCommand.restart()),
                    entry(
                            "kill",
                            MACHINES,
                            "switch machines off at once",
                            _ -> PowerCommand.kill()),
                    entry("rm", MACHINES, "remove machines", _ -> new RmCommand()),
                    entry(
                            "provision",
                            MACHINES,
                            "set machines up as their records say; change settings",
                            _ -> new ProvisionCommand()),
                    entry(
                            "doctor",
                            MACHINES,
                            "find problems of machines and of the store",
                            _ -> new DoctorCommand()),
                    entry(
                            "config",
                            CONNECT,
                            "print the flags that point docker at a machine",
                            _ -> new ConfigCommand()),
                    entry(
                            "env",
                            CONNECT,
                            "print the variables that point docker at a machine",
                            _ -> new EnvCommand()),
                    entry(
                            "context",
                            CONNECT,
                            "make a docker context for a machine",
                            _ -> new ContextCommand()),
                    entry(
                            "active",
                            CONNECT,
                            "print the machine that DOCKER_HOST points at",
                            _ -> new ActiveCommand()),
                    entry(
                            "url",
                            CONNECT,
                            "print the URL of a machine's engine",
                            _ -> new UrlCommand()),
                    entry("ip", CONNECT, "print the address of machines", _ -> new IpCommand()),
                    entry(
                            "ssh",
                            CONNECT,
                            "log in to a machine, or run a command on it",
                            _ -> new SshCommand()),
                    entry(
                            "logs",
                            SWARM,
                            "print the log of a swarm's endpoint",
                            _ -> new LogsCommand()),
                    entry(
                                    "swarm manage",
                                    SWARM,
                                    "serve a swarm's endpoint in the foreground",
                                    _ -> new SwarmManageCommand())
                            .withAlias("swarm m"),
                    entry(
                                    "swarm list",
                                    SWARM,
                                    "list the addresses of a swarm's engines",
                                    _ -> new SwarmListCommand())
                            .withAlias("swarm l"),
                    entry(
                            "swarm status",
                            SWARM,
                            "show a swarm's nodes as its endpoint sees them",
                            _ -> new SwarmStatusCommand()),
                    entry(
                            "image set",
                            IMAGES,
                            "set which image a name means on an architecture",
                            _ -> new ImageSetCommand()),
                    entry(
                            "image ls",
                            IMAGES,
                            "list which image each name means",
                            _ -> new ImageLsCommand()),
                    entry(
                            "image rm",
                            IMAGES,
                            "remove names from the table",
                            _ -> new ImageRmCommand()),
                    entry(
                            "image rules",
                            IMAGES,
                            "add, list and remove rules that rewrite names",
                            _ -> new ImageRulesCommand()),
                    entry(
                            "image resolve",
                            IMAGES,
                            "print which image a node gets for a name, and why",
                            _ -> new ImageResolveCommand()),
                    entry(
                            "image import",
                            IMAGES,
                            "import a table of names and rules from a file",
                            _ -> new ImageImportCommand()),
                    entry(
                            "image export",
                            IMAGES,
                            "print the table of names and the rules",
                            _ -> new ImageExportCommand()),
                    entry(
                            "certs ls",
                            CERTIFICATES,
                            "list certificates and when they expire",
                            _ -> new CertsLsCommand()),
                    entry(
                                    "regenerate-certs",
                                    CERTIFICATES,
                                    "issue new certificates (also: certs rotate)",
                                    _ -> new RegenerateCertsCommand())
                            .withAlias("certs rotate"),
                    entry(
                            "certs rotate-ca",
                            CERTIFICATES,
                            "replace the CA without downtime",
                            _ -> new RotateCaCommand()),
                    entry(
                            "version",
                            MORE,
                            "print machine's version, or that of an engine",
                            _ -> new VersionCommand()),
                    entry(
                            "completion",
                            MORE,
                            "print a completion script for bash, zsh or fish",
                            CommandList::completion));

    private CommandList() {}

    private static CommandEntry entry(
            String name,
            CommandGroup group,
            String summary,
            Function<List<Driver>, Command> factory) {
        return new CommandEntry(name, List.of(), group, summary, factory);
    }

    /** Makes a command; empty when there is none of this name. */
    static Optional<Command> find(String name, List<Driver> drivers) {
        for (CommandEntry entry : ALL) {
            if (entry.isCalled(name)) {
                return Optional.of(entry.factory().apply(drivers));
            }
        }
        return Optional.empty();
    }

    /** Whether a word is the first of commands of two words. */
    static boolean isGroup(String word) {
        for (CommandEntry entry : ALL) {
            if (entry.name().startsWith(word + " ")) {
                return true;
            }
        }
        return false;
    }

    /** Every command with what it does, in the order of {@code machine help}. */
    static Map<String, String> summaries() {
        Map<String, String> all = new LinkedHashMap<>();
        for (CommandGroup group : CommandGroup.values()) {
            all.putAll(summaries(group));
        }
        return all;
    }

    /** The commands of one group with what they do. */
    static Map<String, String> summaries(CommandGroup group) {
        Map<String, String> some = new LinkedHashMap<>();
        for (CommandEntry entry : ALL) {
            if (entry.group() == group) {
                some.put(entry.name(), entry.summary());
            }
        }
        if (group == MORE) {
            some.put(HELP, HELP_SUMMARY);
        }
        return some;
    }

    private static Command completion(List<Driver> drivers) {
        return new CompletionCommand(() -> completionModel(drivers));
    }

    private static CompletionModel completionModel(List<Driver> drivers) {
        List<CompletionModel.Command> commands = new ArrayList<>();
        for (CommandEntry entry : ALL) {
            CommandSpec spec = entry.factory().apply(drivers).spec();
            commands.add(CompletionModel.Command.of(entry.name(), entry.summary(), spec));
        }
        commands.add(new CompletionModel.Command(HELP, HELP_SUMMARY, false, List.of()));
        return new CompletionModel(List.copyOf(commands));
    }
}
