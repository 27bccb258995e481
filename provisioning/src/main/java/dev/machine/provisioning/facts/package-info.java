/** The facts of a node, read in one round trip before anything is planned. */
@NullMarked
package dev.machine.provisioning.facts;

import org.jspecify.annotations.NullMarked;
