/**
 * The store: what {@code machine} remembers between two runs. See {@link dev.machine.store.Store}.
 */
@NullMarked
package dev.machine.store;

import org.jspecify.annotations.NullMarked;
