/**
 * What the provisioner and the endpoint both need, and nothing else: the error that reaches a user,
 * files that are whole or absent, PEM files as a TLS context, one call to one engine, threads for
 * calls of commands that end soon, and the quoting of arguments for a shell. Whoever adds a sixth
 * thing says here why both sides need it.
 */
@NullMarked
package dev.machine.common;

import org.jspecify.annotations.NullMarked;
