package dev.machine.common;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * Threads for work on sockets in a process that is about to end. For a virtual thread's socket the
 * JDK keeps a poller in native code for good, and at its exit HotSpot waits 300 ms for such a
 * thread (VM_Exit::wait_for_threads_in_native_to_block), which every command would pay; {@code
 * e2e/bench/create} and {@code ls-live} show it. None of these threads keeps the process alive.
 */
public final class SocketThreads {
    private SocketThreads() {}

    public static ThreadFactory factory() {
        return Thread.ofPlatform().daemon().name("sockets-", 0).factory();
    }

    /** An executor with as many threads as there are tasks. */
    public static ExecutorService executor() {
        return Executors.newThreadPerTaskExecutor(factory());
    }
}
