package dev.machine.provisioning.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocksTest {
    @TempDir Path folder;
    private Store store;

    @BeforeEach
    void open() {
        store = new Store(folder);
    }

    /** Another process that takes a lock, says so, and holds it until its input ends. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            try (MachineLock lock = new Store(Path.of(arguments[0])).lock(arguments[1])) {
                System.out.println("held");
                System.in.read();
            }
        }
    }

    private Process holder(String name) throws Exception {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Holder.class.getName(),
                                folder.toString(),
                                name)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        BufferedReader output = process.inputReader();
        assertThat(output.readLine()).isEqualTo("held");
        return process;
    }

    /** Others may have put it there; what it names would be written to, or waited for. */
    @Test
    void followsNoLinkAndOpensNoPipe() throws Exception {
        Path precious = folder.resolve("precious");
        Files.writeString(precious, "as it was");
        Files.createDirectories(folder.resolve("locks"));
        Files.createSymbolicLink(folder.resolve("locks/a"), precious);
        assertThat(
                        new ProcessBuilder("mkfifo", folder.resolve("locks/b").toString())
                                .start()
                                .waitFor())
                .isZero();

        for (String name : new String[] {"a", "b"}) {
            assertThatThrownBy(() -> store.lock(name))
                    .isInstanceOf(MachineException.class)
                    .hasMessage(
                            "cannot lock %s: it is not a file of machine"
                                    .formatted(folder.resolve("locks").resolve(name)));
        }
        assertThat(precious).hasContent("as it was");
    }

    @Test
    void refusesASecondHolderInThisProcessNamingIt() {
        try (MachineLock held = store.lock("a")) {
            assertThatThrownBy(() -> store.lock("a"))
                    .isInstanceOf(MachineException.class)
                    .hasMessageStartingWith(
                            "a is in use by process " + ProcessHandle.current().pid() + " on ")
                    .hasMessageEndingWith("; wait until it has finished, or end it");
        }
        store.lock("a").close();
    }

    @Test
    void locksEachMachineForItselfAndTheStoreApartFromAMachineCalledStore() {
        try (MachineLock a = store.lock("a");
                MachineLock b = store.lock("b");
                MachineLock machine = store.lock("store");
                MachineLock all = store.lockStore(Duration.ZERO)) {
            assertThat(folder.resolve("locks")).isDirectory();
        }
    }

    @Test
    void closingTwiceDoesNotGiveAwaySomebodyElsesLock() {
        MachineLock first = store.lock("a");
        first.close();
        MachineLock second = store.lock("a");
        first.close();
        assertThatThrownBy(() -> store.lock("a")).isInstanceOf(MachineException.class);
        second.close();
    }

    @Test
    void excludesAnotherProcessAndOutlivesItsDeath() throws Exception {
        Process other = holder("a");
        try {
            assertThatThrownBy(() -> store.lock("a"))
                    .hasMessageContaining("process " + other.pid() + " on ");
            // A refused try must not have weakened it: fcntl locks end with any close in a process.
            assertThatThrownBy(() -> store.lock("a", Duration.ofMillis(120)))
                    .hasMessageContaining("process " + other.pid() + " on ");
            store.lock("b").close();
        } finally {
            other.destroyForcibly().waitFor();
        }
        store.lock("a").close();
        assertThat(folder.resolve("locks/a")).exists();
    }

    @Test
    void namesAHolderThatHasTheLockAndHasNotYetSaidWhoItIs() throws Exception {
        Process other = holder("a");
        Path file = folder.resolve("locks/a");
        String said = Files.readString(file);
        Files.writeString(file, "");
        Thread late =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        Thread.sleep(200);
                                        Files.writeString(file, said);
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
        try {
            assertThatThrownBy(() -> store.lock("a"))
                    .hasMessageContaining("process " + other.pid() + " on ");
        } finally {
            late.join();
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void waitsForAnotherProcess() throws Exception {
        Process other = holder("a");
        other.getOutputStream().close();
        store.lock("a", Duration.ofSeconds(30)).close();
        assertThat(other.waitFor()).isZero();
    }

    @Test
    void letsOneOfManyInAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                threads.submit(
                        () -> {
                            start.await();
                            try (MachineLock held = store.lockStore(Duration.ofSeconds(30))) {
                                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                Thread.yield();
                                inside.decrementAndGet();
                                done.incrementAndGet();
                            }
                            return null;
                        });
            }
            start.countDown();
        }
        assertThat(most).hasValue(1);
        assertThat(done).hasValue(50);
    }

    @Test
    void ignoresWhatADeadProcessLeftInTheFile() throws Exception {
        Files.createDirectories(folder.resolve("locks"));
        Files.writeString(folder.resolve("locks/a"), "process 1 on nowhere\nand more and more\n");
        try (MachineLock held = store.lock("a")) {
            assertThat(Files.readString(folder.resolve("locks/a")))
                    .doesNotContain("nowhere")
                    .contains("process " + ProcessHandle.current().pid());
        }
    }
}
