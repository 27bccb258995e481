/**
 * The dialects of a node: its package manager, its service manager, the files that machine writes
 * there, and how they are restored. Nothing here depends on the steps; they pass a shell, facts and
 * values.
 */
@NullMarked
package dev.machine.provisioning.node;

import org.jspecify.annotations.NullMarked;
