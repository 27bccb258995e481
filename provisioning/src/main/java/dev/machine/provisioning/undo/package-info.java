/**
 * The steps of {@code rm --purge}, and the one literal list of them: they take a node back to what
 * it was before machine came. They plan and apply as the steps that provision do.
 */
@NullMarked
package dev.machine.provisioning.undo;

import org.jspecify.annotations.NullMarked;
