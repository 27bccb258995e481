/**
 * The commands, one class each: it declares its options, builds a request, calls the lifecycle or
 * the store, and prints the answer. Also what commands of all groups share.
 */
@NullMarked
package dev.machine.cli.command;

import org.jspecify.annotations.NullMarked;
