package dev.machine.provisioning.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Options of a dockerd command line as keys of daemon.json (Docker's reference: "dockerd"), because
 * the same option in both stops dockerd. Options for sockets and TLS are dropped, because machine
 * sets them; options without a key, and other words, stay on the command line.
 *
 * @param settings keys of daemon.json
 * @param rest the words that stay
 */
record DaemonFlags(ObjectNode settings, List<String> rest) {
    private static final Map<String, String> SHORT =
            Map.of(
                    "-H",
                    "--host",
                    "-g",
                    "--data-root",
                    "--graph",
                    "--data-root",
                    "-D",
                    "--debug",
                    "-G",
                    "--group",
                    "-l",
                    "--log-level",
                    "-s",
                    "--storage-driver",
                    "-b",
                    "--bridge",
                    "-p",
                    "--pidfile");
    private static final Set<String> OURS =
            Set.of("host", "tls", "tlsverify", "tlscacert", "tlscert", "tlskey");
    private static final Map<String, String> LISTS =
            Map.of(
                    "label", "labels",
                    "insecure-registry", "insecure-registries",
                    "registry-mirror", "registry-mirrors",
                    "dns", "dns",
                    "dns-opt", "dns-opts",
                    "dns-search", "dns-search",
                    "storage-opt", "storage-opts",
                    "exec-opt", "exec-opts",
                    "authorization-plugin", "authorization-plugins");
    private static final Set<String> TEXTS =
            Set.of(
                    "data-root",
                    "exec-root",
                    "group",
                    "log-level",
                    "log-driver",
                    "storage-driver",
                    "bridge",
                    "bip",
                    "fixed-cidr",
                    "fixed-cidr-v6",
                    "ip",
                    "default-gateway",
                    "default-gateway-v6",
                    "cgroup-parent",
                    "userns-remap",
                    "default-runtime",
                    "default-shm-size",
                    "seccomp-profile");
    private static final Set<String> NUMBERS =
            Set.of("mtu", "shutdown-timeout", "max-concurrent-downloads", "max-concurrent-uploads");
    private static final Set<String> SWITCHES =
            Set.of(
                    "debug",
                    "icc",
                    "ip-forward",
                    "ip-masq",
                    "iptables",
                    "ip6tables",
                    "ipv6",
                    "selinux-enabled",
                    "userland-proxy",
                    "live-restore",
                    "experimental",
                    "no-new-privileges",
                    "init",
                    "raw-logs",
                    "tls",
                    "tlsverify");

    DaemonFlags {
        rest = List.copyOf(rest);
    }

    /**
     * Sorts the words.
     *
     * @param where the file that contains them, for an error
     * @throws MachineException for an option without its value, or with a value of another type
     */
    static DaemonFlags of(List<String> words, String where) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        List<String> rest = new ArrayList<>();
        Iterator<String> left = words.iterator();
        while (left.hasNext()) {
            String word = left.next();
            int equals = word.indexOf('=');
            String option = equals < 0 ? word : word.substring(0, equals);
            if (equals < 0 && option.matches("-H.+")) {
                continue;
            }
            String name = SHORT.getOrDefault(option, option).replaceFirst("^--", "");
            if (!option.startsWith("-") || !known(name)) {
                rest.add(word);
                continue;
            }
            String value = equals < 0 ? "true" : word.substring(equals + 1);
            if (equals < 0 && !SWITCHES.contains(name)) {
                if (!left.hasNext()) {
                    throw refusal(where, option + " has no value");
                }
                value = left.next();
            }
            if (!OURS.contains(name)) {
                put(settings, name, unquoted(value), where);
            }
        }
        return new DaemonFlags(settings, rest);
    }

    private static boolean known(String name) {
        return OURS.contains(name)
                || LISTS.containsKey(name)
                || TEXTS.contains(name)
                || NUMBERS.contains(name)
                || SWITCHES.contains(name)
                || name.equals("log-opt");
    }

    private static void put(ObjectNode settings, String name, String value, String where) {
        if (LISTS.containsKey(name)) {
            ArrayNode list = settings.withArray(LISTS.get(name));
            list.add(value);
        } else if (name.equals("log-opt")) {
            JsonNode more = DaemonOptions.value("log-opts", value);
            settings.withObject("/log-opts").setAll((ObjectNode) more);
        } else if (NUMBERS.contains(name)) {
            if (!value.matches("\\d{1,9}")) {
                throw refusal(where, "--" + name + " is no number but \"" + value + "\"");
            }
            settings.put(name, Integer.parseInt(value));
        } else if (SWITCHES.contains(name)) {
            settings.put(name, Boolean.parseBoolean(value));
        } else {
            settings.put(name, value);
        }
    }

    /** systemd removes one pair of quotes. */
    private static String unquoted(String value) {
        return value.matches("\"[^\"]*\"|'[^']*'") ? value.substring(1, value.length() - 1) : value;
    }

    static MachineException refusal(String where, String why) {
        return new MachineException(
                "the options of dockerd in the node's %s cannot be taken over: %s"
                        .formatted(where, why),
                "fix the file, or move them into /etc/docker/daemon.json; nothing was changed on the node",
                ExitCode.PRE_CREATE_CHECK);
    }
}
