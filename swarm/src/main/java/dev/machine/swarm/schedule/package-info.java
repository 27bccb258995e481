/**
 * Which node a container goes to: {@code Scheduler} ranks nodes by what is reserved in their {@code
 * Ledger}s and reserves room on the best one; {@code NameRegistry} keeps names unique. Each ledger
 * has its own lock, and there is no lock over all nodes; only containers that name volumes are
 * placed one after the other.
 */
@NullMarked
package dev.machine.swarm.schedule;

import org.jspecify.annotations.NullMarked;
