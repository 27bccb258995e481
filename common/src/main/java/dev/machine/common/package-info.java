/**
 * What the provisioner and the endpoint both need, and nothing else: the error that reaches a user,
 * files that are whole or absent, PEM files as a TLS context, one call to one engine, and the
 * quoting of arguments for a shell. Whoever adds a sixth thing says here why both sides need it. A
 * steady clock is here because both wait for what others do and may not wait longer when somebody
 * sets the computer's clock. Threads for sockets are here because SSH, engines and commands all use
 * them and stand on nothing else that is common; the endpoint, which stays, has virtual ones.
 */
@NullMarked
package dev.machine.common;

import org.jspecify.annotations.NullMarked;
