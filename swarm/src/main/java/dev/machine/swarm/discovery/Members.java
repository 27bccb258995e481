package dev.machine.swarm.discovery;

import java.util.Map;

/**
 * The engines of a swarm at one moment.
 *
 * @param members by name
 * @param errors what is wrong, by the name of the member or, if there is none, by file or address
 */
public record Members(Map<String, Member> members, Map<String, String> errors) {}
