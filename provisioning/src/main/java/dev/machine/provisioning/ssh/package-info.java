/**
 * One SSH connection a node with many channels on it; sshj stays behind this package. Scripts go to
 * {@code /bin/sh} on standard input, so neither the login shell nor a length limit of a command
 * line matters.
 */
@NullMarked
package dev.machine.provisioning.ssh;

import org.jspecify.annotations.NullMarked;
