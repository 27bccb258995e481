package dev.machine.swarm.api;

import dev.machine.swarm.http.WatchedInput;
import java.io.IOException;
import java.io.InputStream;

/** A body that runs an action before its first byte is passed on. */
final class FirstByteHook extends WatchedInput {
    private final Runnable before;
    private boolean begun;

    FirstByteHook(InputStream in, Runnable before) {
        super(in);
        this.before = before;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        int n = in.read(b, off, len);
        if (!begun) {
            begun = true;
            before.run();
        }
        return n;
    }
}
