package dev.machine.common;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * Platform threads for work on sockets in a process that ends soon. For sockets of virtual threads
 * the JDK keeps a poller in native code, and at its exit HotSpot waits 300 ms for such a thread
 * (VM_Exit::wait_for_threads_in_native_to_block), which would delay every command; {@code
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
