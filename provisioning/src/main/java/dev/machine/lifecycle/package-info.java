/**
 * The life of a machine, from create to remove: what commands call. See {@link
 * dev.machine.lifecycle.Lifecycle}.
 */
@NullMarked
package dev.machine.lifecycle;

import org.jspecify.annotations.NullMarked;
