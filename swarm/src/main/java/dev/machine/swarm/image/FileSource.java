package dev.machine.swarm.image;

import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings in an images.yaml, which is read again when it has changed. */
final class FileSource implements ImageSource {
    private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);
    private static final Version ABSENT = new Version(FileTime.fromMillis(0), -1, null);

    private final Path file;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile State state = new State(ABSENT, ImageSettings.NONE, null);

    /** Tells one version of the file from the next: a replaced file has another key. */
    private record Version(FileTime time, long size, @Nullable Object key) {}

    private record State(Version version, ImageSettings settings, @Nullable String error) {}

    FileSource(Path file) {
        this.file = file;
    }

    @Override
    public ImageSettings now() {
        Version version = version();
        if (!version.equals(state.version) && reading.tryLock()) {
            try {
                state = read(version);
            } finally {
                reading.unlock();
            }
        }
        return state.settings;
    }

    private State read(Version version) {
        try {
            return new State(version, ImagesFile.read(file), null);
        } catch (MachineException e) {
            LOG.warn("{}; its last good version stays in use", e.sentence());
            return new State(version, state.settings, e.sentence());
        }
    }

    private Version version() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(now.lastModifiedTime(), now.size(), now.fileKey());
        } catch (IOException e) {
            return ABSENT;
        }
    }

    @Override
    public @Nullable String error() {
        now();
        return state.error;
    }
}
