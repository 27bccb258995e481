/**
 * The configuration of a node's engine: what goes into daemon.json and into systemd's drop-in,
 * computed from facts.
 */
@NullMarked
package dev.machine.engine;

import org.jspecify.annotations.NullMarked;
