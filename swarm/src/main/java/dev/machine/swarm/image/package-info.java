/** Which image a node gets for a name, by its platform: names, platforms, table, rules, pulls. */
@NullMarked
package dev.machine.swarm.image;

import org.jspecify.annotations.NullMarked;
