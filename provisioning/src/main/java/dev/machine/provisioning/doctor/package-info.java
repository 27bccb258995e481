/** What {@code machine doctor} finds, and the looks that need no node. */
@NullMarked
package dev.machine.provisioning.doctor;

import org.jspecify.annotations.NullMarked;
