package dev.machine.swarm.create;

import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.http.Request;
import dev.machine.swarm.http.RequestTarget;

/**
 * A client's request to create a container.
 *
 * @param target its path and query without the version
 * @param version of the API that the client speaks
 */
record CreateCall(Request request, RequestTarget target, ApiVersion version) {}
