/**
 * A node's engine: its configuration (daemon.json and systemd's drop-in), computed from facts, and
 * requests to it ({@link dev.machine.provisioning.engine.EngineProbe}).
 */
@NullMarked
package dev.machine.provisioning.engine;

import org.jspecify.annotations.NullMarked;
