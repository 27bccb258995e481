package dev.machine.provisioning.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;

/**
 * {@code --engine-opt key=value} as a key of daemon.json (Docker's reference: "dockerd", section
 * "Daemon configuration file"). The flag's singular and the file's plural both work; lists take
 * commas, maps take {@code k=v,k=v}.
 */
public final class DaemonOptions {
    private static final Map<String, String> PLURALS =
            Map.of(
                    "dns-opt",
                    "dns-opts",
                    "storage-opt",
                    "storage-opts",
                    "exec-opt",
                    "exec-opts",
                    "log-opt",
                    "log-opts",
                    "authorization-plugin",
                    "authorization-plugins");
    private static final Set<String> LISTS =
            Set.of(
                    "dns",
                    "dns-opts",
                    "dns-search",
                    "storage-opts",
                    "exec-opts",
                    "authorization-plugins");
    private static final Set<String> MAPS = Set.of("log-opts");

    /** Keys with a flag of their own, or that machine sets. */
    private static final Set<String> REFUSED =
            Set.of(
                    "hosts",
                    "host",
                    "tls",
                    "tlsverify",
                    "tlscacert",
                    "tlscert",
                    "tlskey",
                    "live-restore",
                    "labels",
                    "label",
                    "registry-mirrors",
                    "registry-mirror",
                    "insecure-registries",
                    "insecure-registry");

    private DaemonOptions() {}

    /** Whether a key may be given as {@code --engine-opt}. */
    public static boolean allowed(String key) {
        return !REFUSED.contains(key);
    }

    static String key(String option) {
        return PLURALS.getOrDefault(option, option);
    }

    static JsonNode value(String key, String text) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (LISTS.contains(key)) {
            ArrayNode list = json.arrayNode();
            for (String item : text.split(",")) {
                list.add(item);
            }
            return list;
        }
        if (MAPS.contains(key)) {
            ObjectNode map = json.objectNode();
            for (String item : text.split(",")) {
                int equals = item.indexOf('=');
                map.put(
                        equals < 0 ? item : item.substring(0, equals),
                        equals < 0 ? "" : item.substring(equals + 1));
            }
            return map;
        }
        if (text.equals("true") || text.equals("false")) {
            return BooleanNode.valueOf(text.equals("true"));
        }
        if (text.matches("-?\\d{1,18}")) {
            long number = Long.parseLong(text);
            // The type that a parser chooses, so that equal numbers compare as equal.
            return number == (int) number ? json.numberNode((int) number) : json.numberNode(number);
        }
        return TextNode.valueOf(text);
    }
}
