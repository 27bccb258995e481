package dev.machine.swarm.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;

/** Where clients come in. */
interface Door extends Closeable {
    SocketAddress address();

    Socket accept() throws IOException;

    /** What is spoken over an accepted connection: itself, or TLS once its handshake is done. */
    Socket open(Socket accepted) throws IOException;
}
