/** Boards on racks, whose addresses follow from their names. */
@NullMarked
package dev.machine.driver.aiyara;

import org.jspecify.annotations.NullMarked;
