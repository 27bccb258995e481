/**
 * Volumes of all nodes: {@code VolumeLocator} finds them, {@code VolumeCreator} makes a new one,
 * {@code ContainerVolumes} brings to a node what its new container needs, {@code EngineVolumes} are
 * the calls to one engine.
 */
@NullMarked
package dev.machine.swarm.volume;

import org.jspecify.annotations.NullMarked;
