package dev.machine.swarm.api;

/** Why the endpoint refuses a call that an engine serves. */
enum Unsupported {
    NOT_YET("not served yet; use a node directly"),
    NO_SWARM_MODE("there is no swarm mode"),
    NOT_A_MANAGER("as an engine outside of a swarm mode answers"),
    NOT_IN_A_SWARM("as an engine outside of a swarm mode answers"),
    NO_PLUGIN_CHANGES("plugins are listed, not changed; use a node directly"),
    NO_WEBSOCKET("attach by POST, as docker does");

    private final String reason;

    Unsupported(String reason) {
        this.reason = reason;
    }

    /** The reason as a table of all calls shows it. */
    String reason() {
        return reason;
    }

    /** What the client is told. */
    String sentence(Route route) {
        return switch (this) {
            case NOT_YET ->
                    "this endpoint does not serve "
                            + route.path().replace("**", "…")
                            + " yet; use a node directly: docker $(machine config NODE) …";
            case NO_SWARM_MODE ->
                    "this endpoint has no swarm mode, so it does not serve " + route.path();
            // The sentences of moby, daemon/cluster/cluster.go and errors.go.
            case NOT_A_MANAGER ->
                    "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm"
                            + " join\" to connect this node to swarm and try again.";
            case NOT_IN_A_SWARM -> "This node is not part of a swarm";
            case NO_PLUGIN_CHANGES ->
                    "this endpoint only lists plugins; use a node directly:"
                            + " docker $(machine config NODE) plugin …";
            case NO_WEBSOCKET ->
                    "this endpoint does not attach by WebSocket; attach by POST, as docker does";
        };
    }
}
