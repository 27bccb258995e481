/** An engine that somebody else made, known by its URL. */
@NullMarked
package dev.machine.driver.none;

import org.jspecify.annotations.NullMarked;
