/**
 * Finds the engines of a swarm: by member files in a folder, or by addresses as in classic swarm.
 * Public: {@code Discovery}, {@code Member}, {@code Members}, {@code MemberFolder}, {@code
 * AddressMembers} with {@code AddressSource}, {@code AddressFile}, {@code EngineAddress} and {@code
 * PemFiles}.
 */
@NullMarked
package dev.machine.swarm.discovery;

import org.jspecify.annotations.NullMarked;
