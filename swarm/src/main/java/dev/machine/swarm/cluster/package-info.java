/**
 * All engines together: {@code Cluster} (members, names), {@code EventHub} and {@code Subscription}
 * (their events).
 */
@NullMarked
package dev.machine.swarm.cluster;

import org.jspecify.annotations.NullMarked;
