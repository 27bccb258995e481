package dev.machine.cli.command.swarm;

import dev.machine.cli.command.HelpSection;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of classic swarm's {@code manage} that do nothing here. Each is accepted with a note,
 * accepted with one value only, or refused; none is ignored silently.
 */
final class UnsupportedFlags {
    private static final String NO_EFFECT = "no effect: ";
    private static final String REPLICATION = "--replication";
    private static final String CORS = "--api-enable-cors";
    private static final String DRIVER = "--cluster-driver";
    private static final String ONLY_DRIVER = "swarm";
    private static final String RETRY = "--engine-refresh-retry";
    private static final String ONLY_RETRY = "3";

    private UnsupportedFlags() {}

    private static List<OptionSpec> withoutEffect() {
        return List.of(
                value(
                        "TIME",
                        "engines report their events; they are not polled",
                        "--engine-refresh-min-interval"),
                value(
                        "N",
                        "one failed ping makes a node unhealthy, one successful ping healthy",
                        "--engine-failure-retry"),
                Options.flag(
                        NO_EFFECT + "what is known about a node is always current",
                        "--refresh-on-node-filter"),
                value(
                        "NAME",
                        "what is known about a container is always current",
                        "--container-name-refresh-filter"),
                Options.values(
                        "KEY=VALUE",
                        NO_EFFECT + "it is for key-value stores, which are not supported yet",
                        "--discovery-opt"),
                value("ADDRESS", forReplication(), "--advertise", "--addr"),
                value("TIME", forReplication(), "--replication-ttl"));
    }

    private static OptionSpec value(String label, String reason, String... names) {
        return Options.value(label, NO_EFFECT + reason, names);
    }

    private static String forReplication() {
        return "it is for " + REPLICATION + ", which is not supported yet";
    }

    static List<OptionSpec> options() {
        List<OptionSpec> options = new ArrayList<>(withoutEffect());
        options.add(Options.flag("refused: a swarm has one endpoint for now", REPLICATION));
        options.add(
                Options.flag(
                        "refused: a browser has no client certificate of yours", CORS, "--cors"));
        options.add(Options.value("NAME", "only " + ONLY_DRIVER, "-c", DRIVER));
        options.add(Options.value("N", "only " + ONLY_RETRY + ", as the default of swarm", RETRY));
        return options;
    }

    /** All of them in one paragraph. */
    static HelpSection help() {
        return HelpSection.ofText(
                "Options of classic swarm that have no effect",
                withoutEffect().stream()
                                .map(OptionSpec::longestName)
                                .collect(Collectors.joining(", "))
                        + ". Refused: %s, %s. Accepted with their default only: %s %s, %s %s."
                                .formatted(
                                        REPLICATION, CORS, DRIVER, ONLY_DRIVER, RETRY, ONLY_RETRY));
    }

    /** Refuses what must be refused, and notes which options have no effect and why. */
    static void check(Invocation call) {
        if (call.flag(REPLICATION)) {
            throw Invocation.usage(
                    REPLICATION
                            + " is not supported yet: an endpoint keeps no state, and can be restarted at any"
                            + " time instead");
        }
        if (call.flag(CORS)) {
            throw Invocation.usage(
                    CORS
                            + " is not supported: an endpoint serves only clients with a"
                            + " certificate");
        }
        only(call, DRIVER, ONLY_DRIVER);
        only(call, RETRY, ONLY_RETRY);
        for (OptionSpec option : withoutEffect()) {
            if (call.parsed().hasMatchedOption(option.longestName())) {
                call.tell(
                        "note: "
                                + option.longestName()
                                + " has "
                                + String.join(" ", option.description()));
            }
        }
    }

    private static void only(Invocation call, String option, String value) {
        Optional<String> other = call.value(option).filter(text -> !text.equals(value));
        if (other.isPresent()) {
            throw Invocation.usage(
                    option + " takes only " + value + ", not \"" + other.get() + "\"");
        }
    }
}
