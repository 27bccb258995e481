/**
 * Every file that is written whole onto a node or into a swarm, and the renderer. See {@link
 * dev.machine.template.Templates}. Files that are merged with what a node already has (daemon.json)
 * are not templates.
 */
@NullMarked
package dev.machine.template;

import org.jspecify.annotations.NullMarked;
