/** The commands {@code machine swarm …}, and the options of classic swarm that they read. */
@NullMarked
package dev.machine.cli.command.swarm;

import org.jspecify.annotations.NullMarked;
