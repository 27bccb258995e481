/**
 * HTTP/1.1 over mutual TLS (RFC 9110, RFC 9112), framed by Apache HttpCore's blocking connections
 * on virtual threads. Public: {@code HttpServer}, {@code Handler} with {@code Request}, {@code
 * Response} and {@code HttpProblem}, and what both sides of a relayed call share: {@code
 * RelayEntity}, {@code Cancellation}, {@code Deadlines}.
 */
@NullMarked
package dev.machine.swarm.http;

import org.jspecify.annotations.NullMarked;
