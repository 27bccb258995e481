package dev.machine.swarm;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Says that an endpoint runs: an OS lock on a file that is never deleted. The pid in it is for
 * whoever signals.
 */
final class EndpointLock implements AutoCloseable {
    private static final int MOST_LOOKS = 20;
    private static final long LOOK_NANOS = 20_000_000;

    private final FileChannel channel;

    private EndpointLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws MachineException if another process holds it
     */
    static EndpointLock take(Path file) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new MachineException(
                        "this endpoint is already running (" + file + " is locked)",
                        "stop it first: machine stop NAME",
                        ExitCode.ERROR);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            (ProcessHandle.current().pid() + "\n")
                                    .getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
            return new EndpointLock(channel);
        } catch (IOException e) {
            throw new MachineException("cannot lock " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    // Whoever only looks whether it is held holds it for a moment himself.
    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        FileLock lock = tryLock(channel);
        for (int looks = 0; lock == null && looks < MOST_LOOKS; looks++) {
            LockSupport.parkNanos(LOOK_NANOS);
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

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The process ends; so does the lock.
        }
    }
}
