/**
 * The {@code machine} command: its entry, its fast path, and the one place that constructs the
 * implementations of the other modules.
 */
@NullMarked
package dev.machine.cli;

import org.jspecify.annotations.NullMarked;
