package dev.machine.cli.command;

import dev.machine.driver.Driver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All commands: the one that is named is made, the others cost nothing. */
public final class CommandList {
    private CommandList() {}

    /** Makes a command; empty when there is none of this name. */
    public static Optional<Command> find(String name, List<Driver> drivers) {
        return Optional.ofNullable(
                switch (name) {
                    case "create" -> new CreateCommand(drivers);
                    case "ls" -> new LsCommand();
                    case "inspect" -> new InspectCommand();
                    case "status" -> new StatusCommand();
                    case "start" -> PowerCommand.start();
                    case "stop" -> PowerCommand.stop();
                    case "restart" -> PowerCommand.restart();
                    case "kill" -> PowerCommand.kill();
                    case "rm" -> new RmCommand();
                    case "provision" -> new ProvisionCommand();
                    case "regenerate-certs", "certs rotate" -> new RegenerateCertsCommand();
                    case "doctor" -> new DoctorCommand();
                    case "certs ls" -> new CertsLsCommand();
                    case "certs rotate-ca" -> new RotateCaCommand();
                    case "logs" -> new LogsCommand();
                    case "config" -> new ConfigCommand();
                    case "env" -> new EnvCommand();
                    case "active" -> new ActiveCommand();
                    case "url" -> new UrlCommand();
                    case "ip" -> new IpCommand();
                    case "ssh" -> new SshCommand();
                    case "version" -> new VersionCommand();
                    case "swarm manage", "swarm m" -> new SwarmManageCommand();
                    case "swarm list", "swarm l" -> new SwarmListCommand();
                    case "swarm status" -> new SwarmStatusCommand();
                    case "context" -> new ContextCommand();
                    case "completion" -> new CompletionCommand();
                    case "image set" -> new ImageSetCommand();
                    case "image ls" -> new ImageLsCommand();
                    case "image rm" -> new ImageRmCommand();
                    case "image rules" -> new ImageRulesCommand();
                    case "image resolve" -> new ImageResolveCommand();
                    case "image import" -> new ImageImportCommand();
                    case "image export" -> new ImageExportCommand();
                    default -> null;
                });
    }

    /** Every command with what it does, in the order of {@code machine help}. */
    public static Map<String, String> summaries() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("create", "make machines");
        all.put("ls", "list machines");
        all.put("inspect", "print all that is recorded of a machine");
        all.put("status", "print the state of a machine");
        all.put("start", "start machines, or a swarm's endpoint");
        all.put("stop", "stop them");
        all.put("restart", "restart them");
        all.put("kill", "switch them off at once");
        all.put("rm", "remove machines");
        all.put("provision", "make machines what their records say; change settings");
        all.put("doctor", "look for what is wrong with machines and the store");
        all.put("certs ls", "list certificates and when they end");
        all.put("regenerate-certs", "give machines new certificates (also: certs rotate)");
        all.put("certs rotate-ca", "replace the CA, without a moment of distrust");
        all.put("logs", "print the log of a swarm's endpoint");
        all.put("config", "print the flags that point docker at a machine");
        all.put("env", "print the variables that point docker at a machine");
        all.put("context", "make a machine a context of the docker CLI");
        all.put("active", "print the machine that DOCKER_HOST points at");
        all.put("url", "print the URL of a machine's engine");
        all.put("ip", "print the address of machines");
        all.put("ssh", "log in to a machine, or run a command on it");
        all.put("version", "print machine's version, or that of an engine");
        all.put("swarm manage", "serve a swarm's endpoint in the foreground");
        all.put("swarm list", "list the addresses of a swarm's engines");
        all.put("swarm status", "show a swarm's nodes as its endpoint sees them");
        all.put("completion", "print a completion script for bash, zsh or fish");
        all.put("image set", "say which image a name means on an architecture");
        all.put("image ls", "list what names mean");
        all.put("image rm", "forget what names mean");
        all.put("image rules", "add, list and remove rules for names");
        all.put("image resolve", "print which image a node gets for a name, and why");
        all.put("image import", "take over a table and rules from a file");
        all.put("image export", "print the table and the rules");
        all.put("help", "print this, the help of a command, or help exit-codes");
        return all;
    }
}
