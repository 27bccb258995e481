/**
 * The renderer, and every file that is written as a whole on a node or into a swarm. See {@link
 * dev.machine.template.Templates}. Files that are merged with a node's own content (daemon.json)
 * are not templates.
 */
@NullMarked
package dev.machine.template;

import org.jspecify.annotations.NullMarked;
