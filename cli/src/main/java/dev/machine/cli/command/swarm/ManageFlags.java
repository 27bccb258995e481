package dev.machine.cli.command.swarm;

import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.KeyValues;
import dev.machine.cli.command.Options;
import dev.machine.swarm.EndpointOptions.Scheduling;
import dev.machine.swarm.engine.EngineTimings;
import dev.machine.swarm.schedule.Scheduler;
import dev.machine.swarm.schedule.Strategy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of classic swarm's {@code manage} that choose nodes or set an interval. They mean the
 * same as in classic swarm. {@code --engine-refresh-max-interval} is a safety net: an engine is
 * listed again after this time even though its events report every change.
 */
final class ManageFlags {
    private static final Duration HEARTBEAT = Duration.ofSeconds(60);
    private static final String OVERCOMMIT = "swarm.overcommit";
    private static final String CREATE_RETRY = "swarm.createretry";

    private ManageFlags() {}

    /** The options that choose nodes. */
    static List<OptionSpec> schedulingOptions() {
        return List.of(
                Options.value(
                        "STRATEGY",
                        Strategy.CHOICES.replace(
                                Strategy.SPREAD.toString(), Strategy.SPREAD + " (default)"),
                        "--strategy"),
                Options.values(
                        "FILTER",
                        "these filters only, in this order (all): "
                                + String.join(", ", Scheduler.FILTERS),
                        "-f",
                        "--filter"),
                Options.values(
                        "KEY=VALUE",
                        "swarm.overcommit=0.05, swarm.createretry=0",
                        "--cluster-opt"));
    }

    /** The options that say how often something is read. */
    static List<OptionSpec> intervalOptions() {
        return List.of(
                Options.value("TIME", "how often file:// is read again (60s)", "--heartbeat"),
                Options.value(
                        "TIME",
                        "how often all containers of an engine are listed again (60s)",
                        "--engine-refresh-max-interval"));
    }

    /** The settings by which nodes are chosen. */
    static Scheduling scheduling(Invocation call, String otherwise) {
        List<String> filters = call.values("--filter");
        for (String filter : filters) {
            if (!Scheduler.FILTERS.contains(filter)) {
                throw Invocation.usage(
                        "--filter takes "
                                + String.join(", ", Scheduler.FILTERS)
                                + ", not \""
                                + filter
                                + "\"");
            }
        }
        Map<String, String> options =
                KeyValues.parse("--cluster-opt", call.values("--cluster-opt"));
        options.keySet().stream()
                .filter(key -> !key.equals(OVERCOMMIT) && !key.equals(CREATE_RETRY))
                .findFirst()
                .ifPresent(
                        key -> {
                            throw Invocation.usage(
                                    "--cluster-opt takes "
                                            + OVERCOMMIT
                                            + " and "
                                            + CREATE_RETRY
                                            + ", not \""
                                            + key
                                            + "\"");
                        });
        return new Scheduling(
                strategy(call.value("--strategy").orElse(otherwise)),
                filters,
                overcommit(options.getOrDefault(OVERCOMMIT, "0.05")),
                createRetry(options.getOrDefault(CREATE_RETRY, "0")));
    }

    private static String strategy(String name) {
        return Strategy.find(name)
                .map(Strategy::toString)
                .orElseThrow(
                        () ->
                                Invocation.usage(
                                        "--strategy takes "
                                                + Strategy.CHOICES
                                                + ", not \""
                                                + name
                                                + "\""));
    }

    private static double overcommit(String text) {
        try {
            double share = Double.parseDouble(text);
            // At -1 a node would have no resources at all.
            if (share > -1 && share <= 100) {
                return share;
            }
        } catch (NumberFormatException e) {
            // The error is thrown below, as for a number out of range.
        }
        throw Invocation.usage(
                OVERCOMMIT + " takes a share like 0.05 for 5 %, not \"" + text + "\"");
    }

    private static int createRetry(String text) {
        try {
            int times = Integer.parseInt(text);
            if (times >= 0) {
                return times;
            }
        } catch (NumberFormatException e) {
            // The error is thrown below, as for a number below zero.
        }
        throw Invocation.usage(
                CREATE_RETRY + " takes a number of attempts from 0, not \"" + text + "\"");
    }

    /** How often a file with addresses is read again. */
    static Duration heartbeat(Invocation call) {
        return atLeastOneSecond(call, "--heartbeat", HEARTBEAT);
    }

    /** How long the endpoint waits for engines, and how often it lists them. */
    static EngineTimings timings(Invocation call) {
        EngineTimings defaults = EngineTimings.DEFAULT;
        return defaults.relisting(
                atLeastOneSecond(call, "--engine-refresh-max-interval", defaults.relistEvery()));
    }

    private static Duration atLeastOneSecond(Invocation call, String option, Duration otherwise) {
        Duration time =
                call.value(option).map(text -> GoDuration.parse(option, text)).orElse(otherwise);
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            throw Invocation.usage(option + " should be at least one second");
        }
        return time;
    }
}
