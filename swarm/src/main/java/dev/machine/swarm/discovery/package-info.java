/**
 * Which engines belong to a swarm. Public: {@code Discovery}, {@code Member}, {@code Members},
 * {@code MemberFolder}.
 */
@NullMarked
package dev.machine.swarm.discovery;

import org.jspecify.annotations.NullMarked;
