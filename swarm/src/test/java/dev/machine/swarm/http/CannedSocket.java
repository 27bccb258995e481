package dev.machine.swarm.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A connection whose whole input is in memory from the start. */
final class CannedSocket extends Socket {
    private final InputStream in;

    CannedSocket(byte[] sent) {
        in = new ByteArrayInputStream(sent);
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public void setSoTimeout(int timeout) {
        // Nothing is ever waited for.
    }

    @Override
    public int getSoTimeout() {
        return 0;
    }
}
