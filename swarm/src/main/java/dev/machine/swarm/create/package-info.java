/**
 * {@code POST /containers/create}: what the client sent is read, a node is chosen, its engine
 * creates the container, and another node is tried if that one cannot. Public: {@code
 * CreateHandler}.
 */
@NullMarked
package dev.machine.swarm.create;

import org.jspecify.annotations.NullMarked;
