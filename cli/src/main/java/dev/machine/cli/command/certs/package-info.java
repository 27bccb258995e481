/** The commands that list and replace certificates. */
@NullMarked
package dev.machine.cli.command.certs;

import org.jspecify.annotations.NullMarked;
