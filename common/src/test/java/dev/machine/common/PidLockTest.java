package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class PidLockTest {
    @TempDir Path folder;

    @Test
    void isTakenOnce() {
        Path file = folder.resolve("lock");
        try (PidLock.Held lock = new PidLock(file).take().orElseThrow()) {
            assertThat(new PidLock(file).take()).isEmpty();
            assertThat(file).content().isEqualTo(ProcessHandle.current().pid() + "\n");
        }
        new PidLock(file).take().orElseThrow().close();
    }

    @Test
    void anAbsentFileOrAnOldProcessIdIsNotALock() throws Exception {
        Path file = folder.resolve("lock");
        assertThat(new PidLock(file).isHeld()).isFalse();
        Files.writeString(file, ProcessHandle.current().pid() + "\n");
        assertThat(new PidLock(file).isHeld()).isFalse();
        assertThat(new PidLock(file).holder()).isEmpty();
    }

    @Test
    void aMomentaryLookDoesNotKeepAnEndpointFromStarting() throws Exception {
        Path file = folder.resolve("lock");
        try (FileChannel looker =
                        FileChannel.open(
                                file,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE);
                FileLock look = looker.lock(0, Long.MAX_VALUE, true)) {
            CompletableFuture<Optional<PidLock.Held>> taken =
                    CompletableFuture.supplyAsync(() -> new PidLock(file).take());
            // The lock is still held when it is first tried.
            TimeUnit.MILLISECONDS.sleep(30);
            look.release();
            taken.get(10, TimeUnit.SECONDS).orElseThrow().close();
        }
    }
}
