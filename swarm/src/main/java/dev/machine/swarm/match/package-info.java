/** Patterns of clients, nodes and tables: read with limits, matched on a budget. */
@NullMarked
package dev.machine.swarm.match;

import org.jspecify.annotations.NullMarked;
