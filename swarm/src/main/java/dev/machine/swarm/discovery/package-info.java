/**
 * Which engines belong to a swarm: member files in a folder. Public: {@code Member}, {@code
 * MemberFolder}.
 */
@NullMarked
package dev.machine.swarm.discovery;

import org.jspecify.annotations.NullMarked;
