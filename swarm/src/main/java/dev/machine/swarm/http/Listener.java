package dev.machine.swarm.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;

/** Where clients come in. */
interface Listener extends Closeable {
    /** Connections that may wait to be accepted, as far as the kernel lets them. */
    int BACKLOG = 1024;

    SocketAddress address();

    Socket accept() throws IOException;

    /** What is spoken over an accepted connection: itself, or TLS once its handshake is done. */
    Socket open(Socket accepted) throws IOException;
}
