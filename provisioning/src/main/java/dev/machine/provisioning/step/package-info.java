/**
 * One class for each step of provisioning, and the one literal list of them. A step plans before it
 * applies: plan only reads and returns what differs, apply does only that. So dry runs, reruns and
 * resuming use the same code.
 */
@NullMarked
package dev.machine.provisioning.step;

import org.jspecify.annotations.NullMarked;
