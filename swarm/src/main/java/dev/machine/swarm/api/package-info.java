/**
 * The Docker Engine API as the endpoint serves it, one class a group of calls. Public: {@code
 * DockerApi}.
 */
@NullMarked
package dev.machine.swarm.api;

import org.jspecify.annotations.NullMarked;
