/**
 * One file a verb: it declares its options, builds a request, calls the lifecycle or the store, and
 * prints the answer.
 */
@NullMarked
package dev.machine.cli.command;

import org.jspecify.annotations.NullMarked;
