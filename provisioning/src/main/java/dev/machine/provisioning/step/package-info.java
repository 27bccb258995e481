/**
 * One class a step of provisioning, and the one literal list of them. A step plans before it
 * applies: plan reads and says what differs, apply does only that; so dry runs, reruns and resuming
 * all come from the same code.
 */
@NullMarked
package dev.machine.provisioning.step;

import org.jspecify.annotations.NullMarked;
