package dev.machine.swarm.api;

import dev.machine.common.LinearPattern;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.http.Request;
import java.util.List;

/**
 * How names of containers are shown to a client. Lists show {@code NODE/NAME}, as in Docker Swarm
 * 0.2. Since 29.4 the docker CLI hides every name with a slash (docker/cli f7a909d56b), so it gets
 * {@code NAME@NODE}, in lists and everywhere else.
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

    /**
     * The style for the client of a request; {@link #SLASH} for all but docker CLIs that hide such
     * names.
     */
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

    /** A name where an engine shows it without a node: in details, statistics and events. */
    String alone(String node, String name) {
        return this == AT ? name + "@" + node : name;
    }
}
