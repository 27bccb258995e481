/** What a node is, read in one round trip before anything is planned. */
@NullMarked
package dev.machine.provisioning.facts;

import org.jspecify.annotations.NullMarked;
