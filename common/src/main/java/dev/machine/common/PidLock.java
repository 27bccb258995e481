package dev.machine.common;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A lock that a process holds on a file as long as it lives, with its process id in the file. The
 * operating system releases the lock when the process ends, so a killed process never counts as
 * alive, and a process id that was given to another process is never signalled. The file is never
 * deleted, because a lock on a deleted file excludes nobody.
 */
public final class PidLock {
    private static final int MAX_ATTEMPTS = 20;
    private static final long ATTEMPT_INTERVAL_NANOS = 20_000_000;

    private final Path file;

    /**
     * @param file need not exist; whoever takes the lock creates it
     */
    public PidLock(Path file) {
        this.file = file;
    }

    /** The lock while this process holds it. */
    public static final class Held implements AutoCloseable {
        private final FileChannel channel;

        private Held(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // The lock ends with the process at the latest.
            }
        }
    }

    /**
     * Takes the lock; empty if another process holds it.
     *
     * @throws MachineException if the file cannot be written
     */
    public Optional<Held> take() {
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                return Optional.empty();
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            (ProcessHandle.current().pid() + "\n")
                                    .getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
            return Optional.of(new Held(channel));
        } catch (IOException e) {
            throw new MachineException("cannot lock " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    /**
     * A process that calls {@link #isHeld} has the lock for a moment, so one attempt is not enough.
     */
    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        FileLock lock = tryLock(channel);
        for (int attempt = 0; lock == null && attempt < MAX_ATTEMPTS; attempt++) {
            LockSupport.parkNanos(ATTEMPT_INTERVAL_NANOS);
            lock = tryLock(channel);
        }
        return lock;
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Whether a process holds the lock. */
    public boolean isHeld() {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            // A shared lock, so that two processes that ask at once do not see each other.
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
            if (lock == null) {
                return true;
            }
            lock.release();
            return false;
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** The id of the process that holds the lock; empty if none does. */
    public OptionalLong holder() {
        if (!isHeld()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(AtomicFiles.text(file).strip()));
        } catch (NumberFormatException e) {
            throw new MachineException(
                    file + " names no process although one holds it; wait a second, then try again",
                    e);
        }
    }
}
