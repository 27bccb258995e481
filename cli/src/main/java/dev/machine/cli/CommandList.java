package dev.machine.cli;

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
    private static final List<String> NONE = List.of();

    private static final List<Entry> ALL =
            List.of(
                    new Entry(
                            "create", NONE, Group.MACHINES, "create machines", CreateCommand::new),
                    new Entry("ls", NONE, Group.MACHINES, "list machines", _ -> new LsCommand()),
                    new Entry(
                            "inspect",
                            NONE,
                            Group.MACHINES,
                            "print the record of a machine",
                            _ -> new InspectCommand()),
                    new Entry(
                            "status",
                            NONE,
                            Group.MACHINES,
                            "print the state of a machine",
                            _ -> new StatusCommand()),
                    new Entry(
                            "start",
                            NONE,
                            Group.MACHINES,
                            "start machines, or a swarm's endpoint",
                            _ -> PowerCommand.start()),
                    new Entry(
                            "stop",
                            NONE,
                            Group.MACHINES,
                            "stop machines, or a swarm's endpoint",
                            _ -> PowerCommand.stop()),
                    new Entry(
                            "restart",
                            NONE,
                            Group.MACHINES,
                            "restart machines, or a swarm's endpoint",
                            _ -> PowerCommand.restart()),
                    new Entry(
                            "kill",
                            NONE,
                            Group.MACHINES,
                            "switch machines off at once",
                            _ -> PowerCommand.kill()),
                    new Entry("rm", NONE, Group.MACHINES, "remove machines", _ -> new RmCommand()),
                    new Entry(
                            "provision",
                            NONE,
                            Group.MACHINES,
                            "set machines up as their records say; change settings",
                            _ -> new ProvisionCommand()),
                    new Entry(
                            "doctor",
                            NONE,
                            Group.MACHINES,
                            "find problems of machines and of the store",
                            _ -> new DoctorCommand()),
                    new Entry(
                            "config",
                            NONE,
                            Group.CONNECT,
                            "print the flags that point docker at a machine",
                            _ -> new ConfigCommand()),
                    new Entry(
                            "env",
                            NONE,
                            Group.CONNECT,
                            "print the variables that point docker at a machine",
                            _ -> new EnvCommand()),
                    new Entry(
                            "context",
                            NONE,
                            Group.CONNECT,
                            "make a docker context for a machine",
                            _ -> new ContextCommand()),
                    new Entry(
                            "active",
                            NONE,
                            Group.CONNECT,
                            "print the machine that DOCKER_HOST points at",
                            _ -> new ActiveCommand()),
                    new Entry(
                            "url",
                            NONE,
                            Group.CONNECT,
                            "print the URL of a machine's engine",
                            _ -> new UrlCommand()),
                    new Entry(
                            "ip",
                            NONE,
                            Group.CONNECT,
                            "print the address of machines",
                            _ -> new IpCommand()),
                    new Entry(
                            "ssh",
                            NONE,
                            Group.CONNECT,
                            "log in to a machine, or run a command on it",
                            _ -> new SshCommand()),
                    new Entry(
                            "logs",
                            NONE,
                            Group.SWARM,
                            "print the log of a swarm's endpoint",
                            _ -> new LogsCommand()),
                    new Entry(
                            "swarm manage",
                            List.of("swarm m"),
                            Group.SWARM,
                            "serve a swarm's endpoint in the foreground",
                            _ -> new SwarmManageCommand()),
                    new Entry(
                            "swarm list",
                            List.of("swarm l"),
                            Group.SWARM,
                            "list the addresses of a swarm's engines",
                            _ -> new SwarmListCommand()),
                    new Entry(
                            "swarm status",
                            NONE,
                            Group.SWARM,
                            "show a swarm's nodes as its endpoint sees them",
                            _ -> new SwarmStatusCommand()),
                    new Entry(
                            "image set",
                            NONE,
                            Group.IMAGES,
                            "set which image a name means on an architecture",
                            _ -> new ImageSetCommand()),
                    new Entry(
                            "image ls",
                            NONE,
                            Group.IMAGES,
                            "list which image each name means",
                            _ -> new ImageLsCommand()),
                    new Entry(
                            "image rm",
                            NONE,
                            Group.IMAGES,
                            "remove names from the table",
                            _ -> new ImageRmCommand()),
                    new Entry(
                            "image rules",
                            NONE,
                            Group.IMAGES,
                            "add, list and remove rules that rewrite names",
                            _ -> new ImageRulesCommand()),
                    new Entry(
                            "image resolve",
                            NONE,
                            Group.IMAGES,
                            "print which image a node gets for a name, and why",
                            _ -> new ImageResolveCommand()),
                    new Entry(
                            "image import",
                            NONE,
                            Group.IMAGES,
                            "import a table of names and rules from a file",
                            _ -> new ImageImportCommand()),
                    new Entry(
                            "image export",
                            NONE,
                            Group.IMAGES,
                            "print the table of names and the rules",
                            _ -> new ImageExportCommand()),
                    new Entry(
                            "certs ls",
                            NONE,
                            Group.CERTIFICATES,
                            "list certificates and when they expire",
                            _ -> new CertsLsCommand()),
                    new Entry(
                            "regenerate-certs",
                            List.of("certs rotate"),
                            Group.CERTIFICATES,
                            "issue new certificates (also: certs rotate)",
                            _ -> new RegenerateCertsCommand()),
                    new Entry(
                            "certs rotate-ca",
                            NONE,
                            Group.CERTIFICATES,
                            "replace the CA without downtime",
                            _ -> new RotateCaCommand()),
                    new Entry(
                            "version",
                            NONE,
                            Group.MORE,
                            "print machine's version, or that of an engine",
                            _ -> new VersionCommand()),
                    new Entry(
                            "completion",
                            NONE,
                            Group.MORE,
                            "print a completion script for bash, zsh or fish",
                            CommandList::completion));

    private CommandList() {}

    /** The headings of {@code machine help}, in order. */
    enum Group {
        MACHINES("Machines"),
        CONNECT("Connect to a machine"),
        SWARM("Swarm endpoint"),
        IMAGES("Images by architecture"),
        CERTIFICATES("Certificates"),
        MORE("More");

        private final String heading;

        Group(String heading) {
            this.heading = heading;
        }

        String heading() {
            return heading;
        }
    }

    /**
     * One command.
     *
     * @param name one word, or two as {@code swarm manage}
     * @param aliases other names of the same command; help does not list them
     * @param group the heading under which {@code machine help} lists it
     * @param summary what {@code machine help} says of it
     * @param factory makes it; not called for a command that is not used
     */
    private record Entry(
            String name,
            List<String> aliases,
            Group group,
            String summary,
            Function<List<Driver>, Command> factory) {
        boolean isCalled(String typed) {
            return name.equals(typed) || aliases.contains(typed);
        }
    }

    /** Makes a command; empty when there is none of this name. */
    static Optional<Command> find(String name, List<Driver> drivers) {
        for (Entry entry : ALL) {
            if (entry.isCalled(name)) {
                return Optional.of(entry.factory.apply(drivers));
            }
        }
        return Optional.empty();
    }

    /** Whether a word is the first of commands of two words. */
    static boolean isGroup(String word) {
        for (Entry entry : ALL) {
            if (entry.name.startsWith(word + " ")) {
                return true;
            }
        }
        return false;
    }

    /** Every command with what it does, in the order of {@code machine help}. */
    static Map<String, String> summaries() {
        Map<String, String> all = new LinkedHashMap<>();
        for (Group group : Group.values()) {
            all.putAll(summaries(group));
        }
        return all;
    }

    /** The commands of one group with what they do. */
    static Map<String, String> summaries(Group group) {
        Map<String, String> some = new LinkedHashMap<>();
        for (Entry entry : ALL) {
            if (entry.group == group) {
                some.put(entry.name, entry.summary);
            }
        }
        if (group == Group.MORE) {
            some.put(HELP, HELP_SUMMARY);
        }
        return some;
    }

    private static Command completion(List<Driver> drivers) {
        return new CompletionCommand(() -> completionModel(drivers));
    }

    private static CompletionModel completionModel(List<Driver> drivers) {
        List<CompletionModel.Command> commands = new ArrayList<>();
        for (Entry entry : ALL) {
            CommandSpec spec = entry.factory.apply(drivers).spec();
            commands.add(CompletionModel.Command.of(entry.name, entry.summary, spec));
        }
        commands.add(new CompletionModel.Command(HELP, HELP_SUMMARY, false, List.of()));
        return new CompletionModel(List.copyOf(commands));
    }
}
