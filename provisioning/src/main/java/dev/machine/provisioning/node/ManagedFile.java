package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.ssh.Script;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file on a node that machine writes. This list decides which files are kept before the first
 * change ({@link NodeSnapshot}), reported as facts ({@link FactsScript}) and put back ({@link
 * RestoreScript}), so that a new file cannot be missing in one of the three.
 */
public enum ManagedFile {
    DAEMON_JSON(EngineFiles.DAEMON_JSON, "0644", Facts.CONTENT, "daemon.json", PutBack.LAST),
    CA(EngineFiles.CA, "0444", Facts.CONTENT, "ca.pem", PutBack.BEFORE_RESTART),
    CERTIFICATE(
            EngineFiles.CERTIFICATE, "0444", Facts.CONTENT, "server.pem", PutBack.BEFORE_RESTART),
    KEY(EngineFiles.KEY, "0400", Facts.CHECKSUM, "server-key", PutBack.BEFORE_RESTART),
    DROP_IN(EngineFiles.DROP_IN, "0644", Facts.CONTENT, "dropin", PutBack.BEFORE_RESTART),
    APT_LIST(EngineFiles.APT_LIST, "0644", Facts.CONTENT, "engine.list", PutBack.AFTER_RESTART),
    APT_KEY(EngineFiles.APT_KEY, "0644", Facts.CONTENT, "engine.asc", PutBack.AFTER_RESTART),
    APT_PIN(EngineFiles.APT_PIN, "0644", Facts.CONTENT, "engine.pref", PutBack.AFTER_RESTART),
    DEFAULT(EngineFiles.DEFAULT, "0644", Facts.CONTENT, "default", PutBack.BEFORE_RESTART),
    /** The engine writes it; an engine that stays needs it. */
    ENGINE_ID("/etc/docker/key.json", "0600", Facts.NONE, "", PutBack.WITH_ENGINE),
    MANAGED(EngineFiles.MANAGED, "0644", Facts.CONTENT, "managed.json", PutBack.WITH_FOLDER),
    PAIR(EngineFiles.PAIR, "0644", Facts.NONE, "", PutBack.WITH_FOLDER),
    RETRY(EngineFiles.RETRY, "0644", Facts.CONTENT, "retry", PutBack.WITH_FOLDER);

    /** What the facts report of a file. */
    private enum Facts {
        CONTENT,
        /** Of a secret: its checksum, mode and owner. */
        CHECKSUM,
        NONE
    }

    /** When {@code rm --purge} puts a file back or removes it. */
    enum PutBack {
        /** After all others, without machine's settings; settings of others stay. */
        LAST,
        /** Before the restart, because the engine reads it when it starts. */
        BEFORE_RESTART,
        AFTER_RESTART,
        /** Only if the engine is removed, too. */
        WITH_ENGINE,
        /** Never: it is in machine's own folder, which is removed as a whole. */
        WITH_FOLDER
    }

    private final String path;
    private final String mode;
    private final Facts facts;
    private final String fact;
    private final PutBack putBack;

    ManagedFile(String path, String mode, Facts facts, String fact, PutBack putBack) {
        this.path = path;
        this.mode = mode;
        this.facts = facts;
        this.fact = fact;
        this.putBack = putBack;
    }

    public String path() {
        return path;
    }

    /**
     * Adds shell that writes it. A secret always gets root as owner and its own mode; other files
     * keep theirs.
     */
    public void write(Script script, byte[] content) {
        if (facts == Facts.CHECKSUM) {
            script.writeSecret(path, content, mode);
        } else {
            script.write(path, content, mode);
        }
    }

    PutBack putBack() {
        return putBack;
    }

    /** The paths of the files whose old content is kept. */
    static List<String> kept() {
        Set<PutBack> all = EnumSet.complementOf(EnumSet.of(PutBack.WITH_FOLDER));
        return Stream.of(values())
                .filter(it -> all.contains(it.putBack))
                .map(it -> it.path)
                .toList();
    }

    /** The paths of the files that are put back at this time. */
    static List<String> putBack(PutBack when) {
        return Stream.of(values()).filter(it -> it.putBack == when).map(it -> it.path).toList();
    }

    /** The line of facts.sh that reports it; empty if it is not reported. */
    String question() {
        return switch (facts) {
            case CONTENT -> "file %s %s\n".formatted(fact, path);
            case CHECKSUM -> "secret %s %s\n".formatted(fact, path);
            case NONE -> "";
        };
    }
}
