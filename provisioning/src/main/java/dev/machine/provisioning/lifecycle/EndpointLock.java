package dev.machine.provisioning.lifecycle;

import dev.machine.common.AtomicFiles;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * The lock that an endpoint holds on {@code machines/<master>/endpoint.lock} as long as it lives;
 * its process id stands inside. The operating system drops the lock with the process, so that a
 * killed endpoint is never taken for a living one and a reused process id is never signalled.
 */
public final class EndpointLock {
    private final Path file;

    public EndpointLock(Path machineFolder) {
        this.file = machineFolder.resolve("endpoint.lock");
    }

    /** Where it is; the endpoint creates it. */
    public Path file() {
        return file;
    }

    /** Whether an endpoint lives. */
    public boolean held() {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            // Shared: two who look at once do not take each other for the endpoint.
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

    /** The process that holds it; empty when nobody does. */
    OptionalLong holder() {
        if (!held()) {
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
