/**
 * The cases on real nodes: {@code ./machine} and the docker CLI against the lab, driven from
 * outside like a user would. Tag {@code lab}; {@code ./test lab} runs them.
 */
@NullMarked
package dev.machine.e2e;

import org.jspecify.annotations.NullMarked;
