/**
 * The steps of {@code rm --purge}, and the one literal list of them. They restore the state of a
 * node before machine, and plan and apply as the steps of provisioning do.
 */
@NullMarked
package dev.machine.provisioning.undo;

import org.jspecify.annotations.NullMarked;
