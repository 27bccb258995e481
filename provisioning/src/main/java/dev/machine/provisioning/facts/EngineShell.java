package dev.machine.provisioning.facts;

import dev.machine.common.ResourceText;

/**
 * Shell functions that ask the running engine for its state: {@code engine_pid}, {@code
 * engine_sockets}, {@code engine_info}, {@code await_live} and their parts.
 */
public final class EngineShell {
    /** To be put before the calls; without side effects, and usable with {@code set -eu}. */
    public static final String FUNCTIONS = ResourceText.read(EngineShell.class, "engine.sh");

    private EngineShell() {}
}
