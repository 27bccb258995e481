/**
 * The store's certificate authority and what it issues: servers for nodes, clients for the user and
 * for endpoints.
 */
@NullMarked
package dev.machine.provisioning.cert;

import org.jspecify.annotations.NullMarked;
