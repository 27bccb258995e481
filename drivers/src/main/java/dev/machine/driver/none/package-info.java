/** An engine that exists already, known by its URL. */
@NullMarked
package dev.machine.driver.none;

import org.jspecify.annotations.NullMarked;
