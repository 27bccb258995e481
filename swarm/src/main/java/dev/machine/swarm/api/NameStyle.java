package dev.machine.swarm.api;

import dev.machine.common.LinearPattern;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.http.Request;
import java.util.List;

/**
 * How a client is shown the names of containers. Lists show {@code NODE/NAME}, as Docker Swarm 0.2
 * did. The docker CLI hides every name with a slash since 29.4 (docker/cli f7a909d56b); it is shown
 * {@code NAME@NODE}, and so in everything else that shows it a name.
 */
enum NameStyle {
    SLASH,
    AT;

    /** As the CLI's {@code UserAgent()} writes it: {@code Docker-Client/29.4.0 (linux)}. */
    private static final LinearPattern DOCKER =
            LinearPattern.of(
                    "Docker-Client/([0-9]{1,6})\\.([0-9]{1,6})([-+.~][\\w.+~-]*)? \\([\\w.-]+\\)");

    private static final int HIDING_MAJOR = 29;
    private static final int HIDING_MINOR = 4;

    /** The style for who asks; {@link #SLASH} for all but a docker CLI that is known to hide it. */
    static NameStyle of(Request request) {
        String agent = request.headers().first("User-Agent");
        return agent == null ? SLASH : of(agent);
    }

    static NameStyle of(String agent) {
        List<String> docker = DOCKER.groups(agent.strip());
        if (docker == null) {
            return SLASH;
        }
        int major = Integer.parseInt(docker.get(1));
        int minor = Integer.parseInt(docker.get(2));
        return major > HIDING_MAJOR || (major == HIDING_MAJOR && minor >= HIDING_MINOR)
                ? AT
                : SLASH;
    }

    /** A name in a list of containers. */
    String listed(String node, String name) {
        return this == AT ? "/" + name + "@" + node : "/" + node + "/" + name;
    }

    /** All names of a container in a list. */
    List<String> listed(Located located) {
        return located.container().names().stream()
                .map(name -> listed(located.engine().name(), name))
                .toList();
    }

    /** A name where an engine shows it alone: details, statistics, events. */
    String alone(String node, String name) {
        return this == AT ? name + "@" + node : name;
    }
}
