/**
 * The life of a machine, from create to remove: what commands call. See {@link
 * dev.machine.provisioning.lifecycle.Lifecycle}.
 */
@NullMarked
package dev.machine.provisioning.lifecycle;

import org.jspecify.annotations.NullMarked;
