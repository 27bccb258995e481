package dev.machine.provisioning.facts;

import dev.machine.provisioning.ssh.Script;

/**
 * Shell functions by which any script on a node asks the running engine how it is: {@code
 * engine_pid}, {@code engine_sockets}, {@code engine_info}, {@code await_live} and what they are
 * made of.
 */
public final class EngineShell {
    /** To stand before whatever calls them; without side effects, fit for {@code set -eu}. */
    public static final String FUNCTIONS = Script.packed(EngineShell.class, "engine.sh");

    private EngineShell() {}
}
