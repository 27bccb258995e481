/**
 * The store: what {@code machine} remembers between two runs. See {@link
 * dev.machine.provisioning.store.Store}.
 */
@NullMarked
package dev.machine.provisioning.store;

import org.jspecify.annotations.NullMarked;
