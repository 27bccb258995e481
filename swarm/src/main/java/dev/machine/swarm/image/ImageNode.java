package dev.machine.swarm.image;

import dev.machine.swarm.engine.Platform;

/**
 * A node as far as the choice of its image goes.
 *
 * @param name of the node
 * @param platform the best that it can run; it runs its lesser relatives too
 */
public record ImageNode(String name, Platform platform) {}
