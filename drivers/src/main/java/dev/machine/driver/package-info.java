/**
 * The Driver API: what the provisioner must know to make, find, reach and remove a machine, whoever
 * owns it. A driver is stateless; what must be remembered is the record it returns. It never opens
 * SSH itself.
 */
@NullMarked
package dev.machine.driver;

import org.jspecify.annotations.NullMarked;
