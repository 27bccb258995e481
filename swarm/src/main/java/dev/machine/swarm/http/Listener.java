package dev.machine.swarm.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;

/** An address that accepts connections. */
interface Listener extends Closeable {
    /** How many connections may wait to be accepted, if the kernel allows so many. */
    int BACKLOG = 1024;

    SocketAddress address();

    Socket accept() throws IOException;

    /** The socket to use over an accepted connection: itself, or TLS once the handshake is done. */
    Socket open(Socket accepted) throws IOException;
}
