/**
 * What several modules need and no other module provides: the error that reaches a user and its
 * exit codes, files that are whole or absent, locks that name their holder, PEM files as a TLS
 * context, one call to one engine, text that is safe to print or to put into a shell or a URL, the
 * order and the likeness of names, a clock that never jumps, waiting, and threads for sockets. A
 * class belongs here only if two modules use it; it depends on no other module.
 */
@NullMarked
package dev.machine.common;

import org.jspecify.annotations.NullMarked;
