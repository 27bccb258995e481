/**
 * One SSH connection to a node with many channels. sshj is used only in this package. Scripts reach
 * {@code /bin/sh} on standard input, so that neither the login shell nor the length limit of a
 * command line matters.
 */
@NullMarked
package dev.machine.provisioning.ssh;

import org.jspecify.annotations.NullMarked;
