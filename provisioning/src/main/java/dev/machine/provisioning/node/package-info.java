/**
 * What a node speaks: its package manager, its services, the files that machine looks after there,
 * and how they are put back. Nothing here knows a run of the steps; the steps hand over a shell,
 * facts and values.
 */
@NullMarked
package dev.machine.provisioning.node;

import org.jspecify.annotations.NullMarked;
