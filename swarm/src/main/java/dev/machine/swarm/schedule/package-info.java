/**
 * Which node a container goes to: {@code Scheduler} ranks nodes by what their {@code Ledger}s have
 * promised and reserves on the best; {@code NameRegistry} keeps names unique. There is no lock but
 * one a ledger, and nothing here waits for an engine.
 */
@NullMarked
package dev.machine.swarm.schedule;

import org.jspecify.annotations.NullMarked;
