/**
 * The Driver API: how the provisioner makes, finds, reaches and removes a machine, whatever it is.
 * A driver is stateless: what must be remembered is in the record that it returns. A driver never
 * opens SSH itself.
 */
@NullMarked
package dev.machine.driver;

import org.jspecify.annotations.NullMarked;
