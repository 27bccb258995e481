package dev.machine.provisioning.store;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Locks between processes: a POSIX record lock (fcntl) on a file that is never deleted, because a
 * lock on a deleted file excludes nobody. Such a lock belongs to the process and ends when ANY
 * descriptor of the file is closed in it; so each file has a semaphore, and a file is opened only
 * by the thread that has its semaphore.
 */
final class Locks {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    /** A process writes its name into the file a moment after it has the lock. */
    private static final int HOLDER_READ_ATTEMPTS = 20;

    private final Path folder;
    private final Map<String, Semaphore> inProcess = new ConcurrentHashMap<>();

    Locks(Path folder) {
        this.folder = folder;
    }

    /**
     * @param what what is locked, for the error message
     */
    MachineLock take(String file, String what, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        Semaphore mutex = inProcess.computeIfAbsent(file, x -> new Semaphore(1));
        if (!acquire(mutex, patience)) {
            throw busy(what, holder(ProcessHandle.current().pid()));
        }
        boolean taken = false;
        try {
            FileChannel channel = channel(folder.resolve(file), what, deadline);
            taken = true;
            return new MachineLock(() -> release(channel, mutex));
        } finally {
            if (!taken) {
                mutex.release();
            }
        }
    }

    private static boolean acquire(Semaphore mutex, Duration patience) {
        try {
            return mutex.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException("interrupted while waiting for a lock", e);
        }
    }

    /** Opens the file and locks it; the channel holds the lock until it is closed. */
    private FileChannel channel(Path file, String what, long deadline) {
        AtomicFiles.privateDirectory(folder);
        FileChannel channel = null;
        boolean locked = false;
        try {
            requireRegular(file);
            channel = open(file);
            while (true) {
                @Nullable FileLock lock = channel.tryLock();
                if (lock != null) {
                    break;
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw busy(what, read(file));
                }
                // A semaphore that is never released is used as a timed wait: no event tells that
                // another process ended.
                acquire(new Semaphore(0), POLL_INTERVAL);
            }
            sayWho(channel);
            locked = true;
            return channel;
        } catch (IOException e) {
            throw new MachineException("cannot lock " + file + ": " + AtomicFiles.reason(e), e);
        } finally {
            if (!locked && channel != null) {
                close(channel);
            }
        }
    }

    /** A link could name a file of others, and opening a FIFO may never end. */
    private static void requireRegular(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new MachineException(
                    "cannot lock " + file + ": it is not a file of machine",
                    "find out who put it there, then: rm " + file,
                    ExitCode.ERROR);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString(AtomicFiles.PRIVATE)));
    }

    /**
     * Writes the holder's name for the error message of others; on a full disk the lock is valid
     * without it.
     */
    private static void sayWho(FileChannel channel) {
        byte[] line =
                (holder(ProcessHandle.current().pid()) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            // The file is never empty in between, because others may read it now. The first line
            // counts.
            channel.write(ByteBuffer.wrap(line), 0);
            channel.truncate(line.length);
        } catch (IOException e) {
            // Then the message says "another process".
        }
    }

    /**
     * The name of the holder, for the message only: it does not decide whether the lock is held.
     */
    private static String read(Path file) {
        try {
            for (int look = 0; look < HOLDER_READ_ATTEMPTS; look++) {
                String text = new String(AtomicFiles.read(file), StandardCharsets.UTF_8);
                int end = text.indexOf('\n');
                if (end > 0) {
                    return text.substring(0, end).strip();
                }
                acquire(new Semaphore(0), POLL_INTERVAL);
            }
            return "another process";
        } catch (IOException e) {
            return "another process";
        }
    }

    private static String holder(long pid) {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "this computer";
        }
        return "process " + pid + " on " + host;
    }

    private static MachineException busy(String what, String holder) {
        return new MachineException(
                what + " is in use by " + holder + "; wait until it has finished, or end it");
    }

    private static void release(FileChannel channel, Semaphore mutex) {
        try {
            close(channel);
        } finally {
            mutex.release();
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new MachineException("cannot release a lock: " + AtomicFiles.reason(e), e);
        }
    }
}
