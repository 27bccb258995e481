/** What {@code machine doctor} finds, and the looks that need no node. */
@NullMarked
package dev.machine.doctor;

import org.jspecify.annotations.NullMarked;
