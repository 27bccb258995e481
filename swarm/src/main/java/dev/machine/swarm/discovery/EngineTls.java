package dev.machine.swarm.discovery;

import java.nio.file.Path;

/**
 * How engines are spoken to that come without member files: PEM files.
 *
 * @param ca what the engines' certificates are checked against
 * @param cert the client certificate to show
 * @param key its key
 */
public record EngineTls(Path ca, Path cert, Path key) {}
