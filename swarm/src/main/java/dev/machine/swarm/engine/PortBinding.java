package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.machine.common.LinearPattern;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * A port of a node that a container is bound to, or wants to be.
 *
 * @param protocol tcp, udp or sctp
 * @param address of the node; {@link #ANY} for all of them, IPv4 and IPv6 alike
 */
public record PortBinding(String protocol, String address, int port) {
    public static final String ANY = "";

    private static final LinearPattern DIGITS = LinearPattern.of("[0-9]{1,5}");

    /** Whether two containers on one node cannot both have theirs. */
    public boolean clashes(PortBinding other) {
        return port == other.port
                && protocol.equals(other.protocol)
                && (address.equals(ANY)
                        || other.address.equals(ANY)
                        || address.equals(other.address));
    }

    /**
     * The ports that a container's settings fix: those bound by number, or, in the host's own
     * network, those it exposes. Ports that the engine is to choose, alone or out of a range, are
     * not known before it has.
     *
     * @param exposed {@code ExposedPorts} of its configuration
     */
    public static Set<PortBinding> wanted(JsonNode hostConfig, JsonNode exposed) {
        Set<PortBinding> ports = new HashSet<>();
        if (hostConfig.path("NetworkMode").asText("").equals("host")) {
            exposed.properties().forEach(port -> add(ports, port.getKey(), ANY, ""));
            return Set.copyOf(ports);
        }
        hostConfig
                .path("PortBindings")
                .properties()
                .forEach(
                        binding -> {
                            for (JsonNode host : binding.getValue()) {
                                String port = host.path("HostPort").asText("");
                                if (!port.isEmpty()) {
                                    String ip = host.path("HostIp").asText("");
                                    add(ports, binding.getKey(), ip, port);
                                }
                            }
                        });
        return Set.copyOf(ports);
    }

    /**
     * @param inside the container's, as {@code 80/tcp}
     * @param number of the node's port; empty for the same number
     */
    private static void add(Set<PortBinding> ports, String inside, String ip, String number) {
        int slash = inside.indexOf('/');
        String protocol = slash < 0 ? "tcp" : inside.substring(slash + 1).toLowerCase(Locale.ROOT);
        String digits =
                number.isEmpty() ? (slash < 0 ? inside : inside.substring(0, slash)) : number;
        if (DIGITS.matches(digits) && Integer.parseInt(digits) > 0) {
            ports.add(new PortBinding(protocol, plain(ip), Integer.parseInt(digits)));
        }
    }

    static String plain(String ip) {
        String bare =
                ip.startsWith("[") && ip.endsWith("]") ? ip.substring(1, ip.length() - 1) : ip;
        return bare.equals("0.0.0.0") || bare.equals("::") ? ANY : bare;
    }

    @Override
    public String toString() {
        return port + "/" + protocol;
    }
}
