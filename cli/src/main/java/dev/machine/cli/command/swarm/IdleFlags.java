package dev.machine.cli.command.swarm;

import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Those options of classic swarm's {@code manage} that do nothing here. None is ignored in silence:
 *
 * <table>
 * <caption>decided one by one</caption>
 * <tr><td>--engine-refresh-min-interval, --engine-failure-retry, --refresh-on-node-filter,
 * --container-name-refresh-filter, --discovery-opt, --advertise, --replication-ttl</td><td>a note
 * says that they have no effect, and why</td></tr>
 * <tr><td>--replication, --api-enable-cors</td><td>refused</td></tr>
 * <tr><td>--cluster-driver, --engine-refresh-retry</td><td>only what was classic's
 * default</td></tr>
 * </table>
 */
final class IdleFlags {
    private IdleFlags() {}

    private static Map<String, String> reasons() {
        Map<String, String> reasons = new LinkedHashMap<>();
        reasons.put(
                "--engine-refresh-min-interval",
                "engines tell what happens; they are not asked in turn");
        reasons.put(
                "--engine-failure-retry",
                "one failed ping makes a node unhealthy, one that works heals it");
        reasons.put("--refresh-on-node-filter", "what is known of a node is never old");
        reasons.put("--container-name-refresh-filter", "what is known of a container is never old");
        reasons.put("--discovery-opt", "it is for key-value stores, which come later");
        reasons.put("--advertise", "it is for --replication, which comes later");
        reasons.put("--replication-ttl", "it is for --replication, which comes later");
        return reasons;
    }

    static CommandSpec addTo(CommandSpec spec) {
        return spec.addOption(
                        Options.value(
                                "TIME",
                                none("--engine-refresh-min-interval"),
                                "--engine-refresh-min-interval"))
                .addOption(
                        Options.value(
                                "N", none("--engine-failure-retry"), "--engine-failure-retry"))
                .addOption(
                        Options.flag(none("--refresh-on-node-filter"), "--refresh-on-node-filter"))
                .addOption(
                        Options.value(
                                "NAME",
                                none("--container-name-refresh-filter"),
                                "--container-name-refresh-filter"))
                .addOption(Options.values("KEY=VALUE", none("--discovery-opt"), "--discovery-opt"))
                .addOption(Options.value("ADDRESS", none("--advertise"), "--advertise", "--addr"))
                .addOption(Options.value("TIME", none("--replication-ttl"), "--replication-ttl"))
                .addOption(Options.flag("refused: one endpoint a swarm for now", "--replication"))
                .addOption(
                        Options.flag(
                                "refused: a browser has no client certificate of yours",
                                "--api-enable-cors",
                                "--cors"))
                .addOption(Options.value("NAME", "only swarm", "-c", "--cluster-driver"))
                .addOption(Options.value("N", "only 3, as classic", "--engine-refresh-retry"));
    }

    private static String none(String option) {
        return "no effect: " + reasons().get(option);
    }

    /** Refuses what must be refused and says what has no effect. */
    static void check(Invocation call) {
        if (call.flag("--replication")) {
            throw Invocation.usage(
                    "--replication is not supported yet: several managers with a leader come later;"
                            + " an endpoint keeps no state and may be restarted at any time");
        }
        if (call.flag("--api-enable-cors")) {
            throw Invocation.usage(
                    "--api-enable-cors is not supported: an endpoint is served only to clients with a"
                            + " certificate");
        }
        only(call, "--cluster-driver", "swarm");
        only(call, "--engine-refresh-retry", "3");
        reasons()
                .forEach(
                        (option, reason) -> {
                            if (call.parsed().hasMatchedOption(option)) {
                                call.tell("note: " + option + " has no effect: " + reason);
                            }
                        });
    }

    private static void only(Invocation call, String option, String value) {
        Optional<String> other = call.value(option).filter(text -> !text.equals(value));
        if (other.isPresent()) {
            throw Invocation.usage(
                    option + " takes only " + value + ", not \"" + other.get() + "\"");
        }
    }
}
