package dev.machine.cli.command;

import dev.machine.cli.output.JsonProgress;
import dev.machine.cli.output.PlanPrinter;
import dev.machine.cli.output.ProgressPrinter;
import dev.machine.common.ExitCode;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.Driver;
import dev.machine.driver.MachineName;
import dev.machine.driver.Power;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.lifecycle.RunOptions;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.SshAccess;
import dev.machine.provisioning.store.SwarmSettings;
import dev.machine.swarm.schedule.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code machine create}: creates one machine, or those of a range side by side. */
public final class CreateCommand implements Command {
    private final List<Driver> drivers;

    public CreateCommand(List<Driver> drivers) {
        this.drivers = drivers;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                Options.command("create", "Create machines: machine create -d aiyara rack-1-node-4")
                        .addPositional(
                                Options.words("NAME", "a name, or a range: rack-1-node-[11:15]"));
        Options.add(spec, commonOptions());
        Options.add(spec, EngineFlags.options());
        Options.add(spec, swarmOptions());
        Options.add(spec, DriverFlags.options(drivers));
        return spec;
    }

    /** The options of the driver that was typed; the other drivers are one line each. */
    @Override
    public List<HelpSection> help(CommandSpec spec, ParseResult typed) {
        List<HelpSection> help = new ArrayList<>();
        help.add(HelpSection.ofOptions("Options", commonOptions()));
        String chosen = typed.matchedOptionValue("--driver", "");
        for (Driver driver : drivers) {
            if (driver.info().name().equals(chosen)) {
                help.add(DriverFlags.help(driver));
            }
        }
        help.add(EngineFlags.help());
        help.add(HelpSection.ofOptions("Swarm", swarmOptions()));
        help.add(
                HelpSection.ofLines(
                        (chosen.isEmpty() ? "Drivers" : "Other drivers")
                                + " (see their options with: machine create -d DRIVER --help)",
                        drivers.stream()
                                .map(Driver::info)
                                .filter(driver -> !driver.name().equals(chosen))
                                .map(it -> new HelpSection.Line(it.name(), it.summary()))
                                .toList()));
        help.add(Globals.help());
        return help;
    }

    private static List<OptionSpec> commonOptions() {
        return List.of(
                Options.value("DRIVER", "where the machine is (MACHINE_DRIVER)", "-d", "--driver"),
                Options.dryRun(),
                Options.events(),
                RunFlags.sudoPassword(),
                RunFlags.setClock(),
                RunFlags.restartContainers(),
                RunFlags.packageChanges());
    }

    private static List<OptionSpec> swarmOptions() {
        return List.of(
                Options.flag("no effect: every node is a member of a swarm", "--swarm"),
                Options.flag("make it a swarm's endpoint (driver none)", "--swarm-master"),
                Options.value("NAME", "name of the swarm (default)", "--swarm-cluster"),
                Options.value("STRATEGY", Strategy.CHOICES, "--swarm-strategy"),
                Options.flag("keep it out of every swarm", "--no-swarm"));
    }

    @Override
    public int run(Invocation call) {
        Driver driver = DriverFlags.chosen(call);
        String word = word(call);
        boolean dryRun = call.flag("--dry-run");
        if (driver.power() instanceof Power.None) {
            EngineFlags.refuseWithoutNode(call, driver.info().name());
        }
        Map<String, String> options =
                DriverFlags.values(
                        call, driver, call.services().defaults().driver(driver.info().name()));
        List<CreateRequest> requests = driver.requests(word, options);
        SwarmSettings swarm = swarm(call);
        EngineSettings engine = EngineFlags.ofNew(call, call.services().defaults());
        Lifecycle lifecycle = call.services().lifecycle();
        try (ProgressPrinter progress = progress(call, dryRun, requests.size())) {
            RunOptions run =
                    RunFlags.read(
                            call,
                            progress,
                            DriverFlags.passwordOnStdin(call, driver),
                            DriverFlags.passwordVariable(driver));
            int exit =
                    ParallelActions.run(
                            call,
                            progress,
                            requests,
                            request -> request.name().value(),
                            request -> {
                                String name = request.name().value();
                                if (requests.size() > 1 && ready(call, name)) {
                                    progress.finished(name, "READY already");
                                    return;
                                }
                                Lifecycle.CreateOrder order =
                                        new Lifecycle.CreateOrder(
                                                name,
                                                driver.info().name(),
                                                request.options(),
                                                engine,
                                                swarm,
                                                run);
                                finished(
                                        progress,
                                        name,
                                        dryRun,
                                        lifecycle.create(order, dryRun, progress));
                            });
            if (exit == ExitCode.OK && !dryRun) {
                progress.close();
                use(call, requests, swarm);
            }
            return exit;
        }
    }

    /** Whether a machine of a range was finished by an earlier run of the same command. */
    private static boolean ready(Invocation call, String name) {
        return call.services()
                .store()
                .find(name)
                .filter(machine -> machine.phase() == MachineRecord.Phase.READY)
                .isPresent();
    }

    private static String word(Invocation call) {
        if (call.words().isEmpty()) {
            throw Invocation.usage("no machine name specified");
        }
        if (call.words().size() > 1) {
            throw Invocation.usage(
                    "found extra arguments "
                            + call.words().subList(1, call.words().size())
                            + "; name several machines by a range: rack-1-node-[11:15]");
        }
        return call.words().getFirst();
    }

    static ProgressPrinter progress(Invocation call, boolean dryRun, int nodes) {
        String form = call.value("--output").orElse("text");
        return switch (form) {
            case "json" -> new JsonProgress(call.console());
            case "text" ->
                    dryRun
                            ? new PlanPrinter(call.console(), call.globals().quiet())
                            : ProgressPrinter.choose(call.console(), call.globals().quiet(), nodes);
            default -> throw Invocation.usage("-o takes text or json, not \"" + form + "\"");
        };
    }

    static void finished(
            ProgressPrinter progress, String name, boolean dryRun, Lifecycle.Outcome outcome) {
        outcome.notes().forEach(note -> progress.say(name, note));
        String changes = outcome.changes() == 1 ? "1 change" : outcome.changes() + " changes";
        progress.finished(
                name,
                dryRun
                        ? changes + " planned, nothing was written"
                        : "READY " + outcome.url().orElse("") + " (" + changes + ")");
    }

    private static SwarmSettings swarm(Invocation call) {
        String strategy = call.value("--swarm-strategy").orElse(SwarmSettings.DEFAULT_STRATEGY);
        if (!Strategy.NAMES.contains(strategy)) {
            throw Invocation.usage(
                    "--swarm-strategy takes " + Strategy.CHOICES + ", not \"" + strategy + "\"");
        }
        String cluster = call.value("--swarm-cluster").orElse(SwarmSettings.DEFAULT_CLUSTER);
        boolean master = call.flag("--swarm-master");
        if (master && call.flag("--no-swarm")) {
            throw Invocation.usage("--swarm-master and --no-swarm exclude each other");
        }
        if (!master && call.value("--swarm-strategy").isPresent()) {
            throw Invocation.usage(
                    "--swarm-strategy has no effect without --swarm-master: it is how an endpoint"
                            + " chooses nodes");
        }
        if (call.flag("--no-swarm") && call.value("--swarm-cluster").isPresent()) {
            throw Invocation.usage("--swarm-cluster and --no-swarm exclude each other");
        }
        return new SwarmSettings(
                new MachineName(cluster).value(), !call.flag("--no-swarm"), master, strategy);
    }

    private static void use(Invocation call, List<CreateRequest> requests, SwarmSettings swarm) {
        String name = requests.getFirst().name().value();
        String program = call.console().program();
        boolean behind =
                call.services()
                        .store()
                        .find(name)
                        .flatMap(MachineRecord::ssh)
                        .flatMap(SshAccess::jump)
                        .isPresent();
        call.tell(
                "To use "
                        + (requests.size() == 1 ? "it: " : "one of them: ")
                        + (behind
                                // Only SSH goes through the jump host for now.
                                ? program + " ssh " + name + " docker info"
                                : "docker $("
                                        + program
                                        + " config "
                                        + name
                                        + (swarm.master() ? " --swarm" : "")
                                        + ") info"));
    }
}
