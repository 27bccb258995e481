package dev.machine.swarm.api;

import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineFacts;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Query parameters that older engines do not know. The endpoint does without them there. */
final class EngineParameters {
    private EngineParameters() {}

    /** Whether an engine is spoken to in this version or a newer one. */
    static boolean speaks(EngineCache engine, ApiVersion client, ApiVersion since) {
        EngineFacts facts = engine.status().facts();
        return facts != null && facts.speak(client).compareTo(since) >= 0;
    }

    /**
     * The call without what an engine does not know.
     *
     * @param since the version that brought each parameter
     */
    static Call known(Call call, EngineCache engine, Map<String, ApiVersion> since) {
        Set<String> unknown = new HashSet<>();
        since.forEach(
                (parameter, version) -> {
                    if (!speaks(engine, call.version(), version)) {
                        unknown.add(parameter);
                    }
                });
        return call.with(call.target().without(unknown));
    }
}
