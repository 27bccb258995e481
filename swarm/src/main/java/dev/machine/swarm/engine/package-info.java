/**
 * One engine as the endpoint knows it: {@code EngineClient} (its connections), {@code EngineCache}
 * (its live state, containers and images) and the values these are made of.
 */
@NullMarked
package dev.machine.swarm.engine;

import org.jspecify.annotations.NullMarked;
