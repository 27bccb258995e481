/**
 * Which engines belong to a swarm: member files in a folder, or addresses as classic swarm takes
 * them. Public: {@code Discovery}, {@code Member}, {@code Members}, {@code MemberFolder}, {@code
 * AddressMembers} with {@code AddressSource}, {@code AddressFile}, {@code EngineAddress} and {@code
 * PemFiles}.
 */
@NullMarked
package dev.machine.swarm.discovery;

import org.jspecify.annotations.NullMarked;
