/** What {@code machine doctor} finds: in the store, and on a node by the plans of the steps. */
@NullMarked
package dev.machine.provisioning.doctor;

import org.jspecify.annotations.NullMarked;
