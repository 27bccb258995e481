package dev.machine.provisioning.store;

/**
 * A lock of the store that this process holds. Any thread may close it; closing it twice does
 * nothing.
 */
public final class MachineLock implements AutoCloseable {
    private final Runnable release;
    private boolean held = true;

    MachineLock(Runnable release) {
        this.release = release;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!held) {
                return;
            }
            held = false;
        }
        release.run();
    }
}
