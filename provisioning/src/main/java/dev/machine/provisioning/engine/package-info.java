/**
 * A node's engine: its configuration, which is what goes into daemon.json and into systemd's
 * drop-in, computed from facts; and the one way to ask it something, {@link
 * dev.machine.provisioning.engine.EngineProbe}.
 */
@NullMarked
package dev.machine.provisioning.engine;

import org.jspecify.annotations.NullMarked;
