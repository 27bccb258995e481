package dev.machine.swarm.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a socket file as a {@link Socket}, which HttpCore needs. It has no read time-out:
 * {@link Deadlines} close connections that are late.
 */
final class UnixSocket extends Socket {
    private final SocketChannel channel;

    UnixSocket(SocketChannel channel) throws IOException {
        super((@Nullable SocketImpl) null);
        this.channel = channel;
    }

    @Override
    public InputStream getInputStream() {
        return Channels.newInputStream(channel);
    }

    @Override
    public OutputStream getOutputStream() {
        return Channels.newOutputStream(channel);
    }

    @Override
    public void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return null;
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return null;
    }

    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void setSoLinger(boolean on, int linger) {}

    @Override
    public String toString() {
        return "a socket file's client";
    }
}
