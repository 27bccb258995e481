/**
 * The Docker Engine API of the endpoint: {@code Routes} lists all calls, and a class for each group
 * of calls answers them. Public: {@code DockerApi} and {@code StatusKey}.
 */
@NullMarked
package dev.machine.swarm.api;

import org.jspecify.annotations.NullMarked;
