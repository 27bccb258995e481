/**
 * Networks of the whole swarm: {@code SwarmNetworks} shows those of all nodes as one list, {@code
 * NetworkMaker} makes a network on the nodes that need it.
 */
@NullMarked
package dev.machine.swarm.network;

import org.jspecify.annotations.NullMarked;
