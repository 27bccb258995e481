package dev.machine.provisioning.lifecycle;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.machine.common.Pem;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;

/** What an endpoint is to whoever supervises it: holds the lock, answers /_ping over mutual TLS. */
final class LockedServer {
    private LockedServer() {}

    /** Manner (serve, deaf, silent, die), store, name, URL. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("die")) {
            System.err.println("the address is in use");
            System.exit(7);
        }
        Path store = Path.of(arguments[1]);
        Path folder = store.resolve("machines").resolve(arguments[2]);
        FileChannel lock =
                FileChannel.open(
                        folder.resolve("endpoint.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        lock.lock();
        lock.truncate(0);
        lock.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes()));
        if (arguments[0].equals("deaf")) {
            Runtime.getRuntime().addShutdownHook(new Thread(LockedServer::never));
        }
        if (arguments[0].equals("silent")) {
            System.out.println("silent");
            never();
        }
        URI url = URI.create(arguments[3]);
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(url.getHost(), url.getPort()), 0);
        SSLContext tls =
                Pem.context(
                        store.resolve("certs/ca.pem"),
                        folder.resolve("server.pem"),
                        folder.resolve("server-key.pem"));
        server.setHttpsConfigurator(
                new HttpsConfigurator(tls) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        var wanted = tls.getDefaultSSLParameters();
                        wanted.setNeedClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                });
        server.createContext(
                "/_ping",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        never();
    }

    private static void never() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
