package dev.machine.swarm.discovery;

import java.nio.file.Path;

/**
 * The three PEM files of one side of a TLS connection.
 *
 * @param ca what the certificate of the other side is checked against
 * @param cert the certificate that is shown
 * @param key its key
 */
public record PemFiles(Path ca, Path cert, Path key) {}
