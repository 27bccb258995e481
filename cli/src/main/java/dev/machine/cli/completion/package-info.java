/** {@code machine completion}: one model of all commands, and a script for each shell. */
@NullMarked
package dev.machine.cli.completion;

import org.jspecify.annotations.NullMarked;
