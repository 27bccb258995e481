/**
 * One engine as the endpoint knows it: {@code EngineClient} (its connections), {@code EngineCalls}
 * (what is asked of it), {@code Reflector} and {@code WatchHandler} (lists and events into the
 * stores), {@code EngineCache} (whether it is healthy) and the values these are made of. The arrows
 * run one way: the cache uses the reflector, the reflector the {@code EngineApi} and the stores.
 */
@NullMarked
package dev.machine.swarm.engine;

import org.jspecify.annotations.NullMarked;
