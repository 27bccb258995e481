/**
 * Droplets of DigitalOcean, by its API v2. The only package that knows the client library and what
 * is wrong with it.
 */
@NullMarked
package dev.machine.driver.digitalocean;

import org.jspecify.annotations.NullMarked;
