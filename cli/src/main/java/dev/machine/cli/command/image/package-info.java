/** The commands {@code machine image …}: which image a name means on an architecture. */
@NullMarked
package dev.machine.cli.command.image;

import org.jspecify.annotations.NullMarked;
