/** The log of libraries and of the endpoint: one line per entry on standard error. */
@NullMarked
package dev.machine.cli.log;

import org.jspecify.annotations.NullMarked;
