/** Any server with SSH. */
@NullMarked
package dev.machine.driver.generic;

import org.jspecify.annotations.NullMarked;
