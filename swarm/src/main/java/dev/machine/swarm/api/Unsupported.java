package dev.machine.swarm.api;

/** Why the endpoint refuses a call that an engine serves. */
enum Unsupported {
    NOT_YET("not served yet; use a node directly"),
    NO_SWARM_MODE("there is no swarm mode and there are no plugins"),
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
                    "this endpoint has no swarm mode and no plugins, so it does not serve /"
                            + route.pattern().getFirst();
            case NO_WEBSOCKET ->
                    "this endpoint does not attach by WebSocket; attach by POST, as docker does";
        };
    }
}
