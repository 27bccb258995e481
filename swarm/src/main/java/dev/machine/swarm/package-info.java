/**
 * The endpoint: one Docker engine made of many. Public: {@code Endpoint} and {@code
 * EndpointOptions}.
 */
@NullMarked
package dev.machine.swarm;

import org.jspecify.annotations.NullMarked;
