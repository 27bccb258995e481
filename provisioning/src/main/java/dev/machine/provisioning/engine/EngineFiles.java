package dev.machine.provisioning.engine;

/** The paths of the files that machine manages on a node; it changes no others. */
public final class EngineFiles {
    public static final String DAEMON_JSON = "/etc/docker/daemon.json";
    public static final String CA = "/etc/docker/ca.pem";
    public static final String CERTIFICATE = "/etc/docker/server.pem";
    public static final String KEY = "/etc/docker/server-key.pem";
    public static final String DROP_IN = "/etc/systemd/system/docker.service.d/10-machine.conf";

    /** Options for Debian's unit and init script. */
    public static final String DEFAULT = "/etc/default/docker";

    /** The apt repository of {@code --engine-install=docker}. */
    public static final String APT_LIST = "/etc/apt/sources.list.d/machine-engine.list";

    /** The key that signs it. */
    public static final String APT_KEY = "/etc/apt/keyrings/machine-engine.asc";

    /** Keeps the engine at {@code --engine-version}. */
    public static final String APT_PIN = "/etc/apt/preferences.d/machine-engine";

    /**
     * The settings that machine made last, so that a dropped setting is removed and the owner's
     * stay.
     */
    public static final String MANAGED = "/etc/docker/machine/managed.json";

    /**
     * Checksums of certificate and key, written after both; if it is missing, the pair may be
     * incomplete.
     */
    public static final String PAIR = "/etc/docker/machine/pair.sha256";

    /** The files as they were before machine, for {@code rm --purge}. */
    public static final String ORIGINAL = "/etc/docker/machine/original";

    /** Restarts an engine without systemd until it stays up. */
    public static final String RETRY = "/etc/docker/machine/retry";

    /**
     * Exists while files are newer than the running engine; a reboot empties /run and restarts the
     * engine.
     */
    public static final String RESTART_PENDING = "/run/machine-restart-docker";

    private EngineFiles() {}
}
