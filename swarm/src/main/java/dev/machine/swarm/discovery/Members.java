package dev.machine.swarm.discovery;

import java.util.Map;

/**
 * The engines of a swarm at one moment.
 *
 * @param members by name
 * @param errors what is wrong, by the name of a member or, where there is none, by that of the file
 *     or the address that it is about
 */
public record Members(Map<String, Member> members, Map<String, String> errors) {}
