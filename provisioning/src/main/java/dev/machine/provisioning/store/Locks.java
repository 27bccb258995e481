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
 * descriptor of the file is closed in it; so a semaphore stands before each file, and a file whose
 * semaphore is taken is not even opened.
 */
final class Locks {
    private static final Duration POLL = Duration.ofMillis(50);

    /** A holder says who it is right after it has the lock, but not in the same instant. */
    private static final int LOOKS_FOR_A_HOLDER = 20;

    private final Path folder;
    private final Map<String, Semaphore> inProcess = new ConcurrentHashMap<>();

    Locks(Path folder) {
        this.folder = folder;
    }

    /**
     * @param what what the lock is for, as the error names it
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
                // Nobody wakes us when another process ends: a semaphore that never opens waits.
                acquire(new Semaphore(0), POLL);
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

    /** What a link names must not be written to, and a FIFO would be waited for without end. */
    private static void requireRegular(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new MachineException(
                    "cannot lock " + file + ": it is no file of machine's",
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

    /** For the message of who wants it, too; on a full disk the lock holds all the same. */
    private static void sayWho(FileChannel channel) {
        byte[] line =
                (holder(ProcessHandle.current().pid()) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            // Never empty in between: others look at it. The first line counts.
            channel.write(ByteBuffer.wrap(line), 0);
            channel.truncate(line.length);
        } catch (IOException e) {
            // Then the message says "another process".
        }
    }

    /** Who has it, for the message only: a lock counts, not what is written in its file. */
    private static String read(Path file) {
        try {
            for (int look = 0; look < LOOKS_FOR_A_HOLDER; look++) {
                String text = new String(AtomicFiles.read(file), StandardCharsets.UTF_8);
                int end = text.indexOf('\n');
                if (end > 0) {
                    return text.substring(0, end).strip();
                }
                acquire(new Semaphore(0), POLL);
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
                what + " is being worked on by " + holder + "; wait for it or end it");
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
            throw new MachineException("cannot give back a lock: " + AtomicFiles.reason(e), e);
        }
    }
}
