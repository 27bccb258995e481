/** Where everything goes that libraries and the endpoint log: standard error, a line an entry. */
@NullMarked
package dev.machine.cli.log;

import org.jspecify.annotations.NullMarked;
