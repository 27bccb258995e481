package dev.machine.provisioning.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;

/** A forwarded channel of a connection as a socket, which Java's TLS needs. */
final class ChannelSocket extends Socket {
    private final DirectConnection channel;
    private volatile boolean closed;

    ChannelSocket(DirectConnection channel) {
        this.channel = channel;
    }

    @Override
    public InputStream getInputStream() {
        return channel.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() {
        return channel.getOutputStream();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** Does nothing, because the caller closes the socket when its time is up. */
    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void close() throws IOException {
        closed = true;
        channel.close();
    }
}
