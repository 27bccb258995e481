package dev.machine.swarm.image;

import dev.machine.swarm.engine.Platform;

/**
 * What the choice of an image needs to know of a node.
 *
 * @param name of the node
 * @param platform the best one that it can run; it also runs those that {@link Platform#accepts}
 *     allows
 */
public record ImageNode(String name, Platform platform) {}
