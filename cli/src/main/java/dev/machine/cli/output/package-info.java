/** What commands print: tables, templates, JSON, YAML, environment lines and progress. */
@NullMarked
package dev.machine.cli.output;

import org.jspecify.annotations.NullMarked;
