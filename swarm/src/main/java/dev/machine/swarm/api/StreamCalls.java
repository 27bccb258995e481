package dev.machine.swarm.api;

import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Located;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.RawStream;
import dev.machine.swarm.http.Response;

/**
 * Calls that take their connection over: attach and the start of an exec. The engine is asked for
 * what the client asks for, {@code Upgrade: tcp} or the older form without it, and its answer says
 * whether raw bytes follow.
 */
final class StreamCalls {
    private final ContainerLocator owners;

    StreamCalls(ContainerLocator owners) {
        this.owners = owners;
    }

    Response attach(Call call) {
        Located located = owners.container(call.name());
        return stream(
                located.engine(), call, "/containers/" + located.container().id() + "/attach");
    }

    /** Sends a call on, with its wish for an upgrade. */
    static Response stream(EngineCache engine, Call call, String path) {
        Headers asked = call.request().headers();
        Headers sent = asked.endToEnd();
        String protocol = asked.first("Upgrade");
        if (protocol != null && asked.hasToken("Connection", "Upgrade")) {
            sent = sent.with("Connection", "Upgrade").with("Upgrade", protocol);
        }
        EngineReply reply = ContainerLocator.send(engine, call, path, sent);
        RawStream raw = reply.raw();
        return raw == null
                ? ContainerLocator.relay(reply)
                : new Response(reply.status(), reply.headers().endToEnd(), new Response.Raw(raw));
    }
}
