package dev.machine.swarm.http;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A TCP address behind mutual TLS 1.3 and 1.2. */
final class TlsListener implements Listener {
    private final TcpServerSocket listener;
    private final Supplier<SSLContext> tls;

    private TlsListener(TcpServerSocket listener, Supplier<SSLContext> tls) {
        this.listener = listener;
        this.tls = tls;
    }

    /**
     * @throws MachineException if the address cannot be listened on
     */
    static TlsListener at(InetSocketAddress address, Supplier<SSLContext> tls) {
        try {
            // Closed by close().
            @SuppressWarnings("resource")
            TcpServerSocket listener = new TcpServerSocket();
            listener.setReuseAddress(true);
            listener.bind(address, BACKLOG);
            return new TlsListener(listener, tls);
        } catch (BindException e) {
            throw new MachineException(
                    "cannot listen on "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + ": "
                            + e.getMessage(),
                    "another process may listen there: end it or choose another address",
                    ExitCode.ERROR,
                    e);
        } catch (IOException e) {
            throw new MachineException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    @Override
    public SocketAddress address() {
        return listener.getLocalSocketAddress();
    }

    @Override
    public Socket accept() throws IOException {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        return socket;
    }

    @Override
    public Socket open(Socket accepted) throws IOException {
        SSLSocket secure =
                (SSLSocket) tls.get().getSocketFactory().createSocket(accepted, null, true);
        secure.setUseClientMode(false);
        secure.setNeedClientAuth(true);
        secure.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        secure.startHandshake();
        return secure;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** A server socket that accepts {@link TcpSocket}s. */
    private static final class TcpServerSocket extends ServerSocket {
        TcpServerSocket() throws IOException {}

        @Override
        public Socket accept() throws IOException {
            Socket socket = TcpSocket.toAccept();
            implAccept(socket);
            return socket;
        }
    }
}
