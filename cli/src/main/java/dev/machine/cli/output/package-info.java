/** What commands print: tables, templates, JSON, YAML, shell commands and progress. */
@NullMarked
package dev.machine.cli.output;

import org.jspecify.annotations.NullMarked;
