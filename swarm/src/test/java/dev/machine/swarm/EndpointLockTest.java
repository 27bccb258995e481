package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class EndpointLockTest {
    @TempDir Path folder;

    @Test
    void isTakenOnce() {
        Path file = folder.resolve("lock");
        try (EndpointLock lock = EndpointLock.take(file)) {
            assertThatThrownBy(() -> EndpointLock.take(file))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("is already running");
            assertThat(file).content().isEqualTo(ProcessHandle.current().pid() + "\n");
        }
        EndpointLock.take(file).close();
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
            CompletableFuture<EndpointLock> taken =
                    CompletableFuture.supplyAsync(() -> EndpointLock.take(file));
            // The lock is still held when it is first tried.
            TimeUnit.MILLISECONDS.sleep(30);
            look.release();
            taken.get(10, TimeUnit.SECONDS).close();
        }
    }
}
