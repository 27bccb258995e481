package dev.machine.e2e.bench;

import dev.machine.common.Pem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The least a Java program must do for what {@code machine ls} shows: a hundred TLS calls at once.
 * Argument: the store.
 */
public final class BareCalls {
    private BareCalls() {}

    public static void main(String[] arguments) throws Exception {
        Path certs = Path.of(arguments[0]).resolve("certs");
        SSLContext tls =
                Pem.context(
                        certs.resolve("ca.pem"),
                        certs.resolve("cert.pem"),
                        certs.resolve("key.pem"));
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < HundredEngines.COUNT; i++) {
                String address = HundredEngines.address(i);
                answers.add(calls.submit(() -> call(tls, address)));
            }
        }
        for (Future<String> answer : answers) {
            if (!answer.get().contains("26.1.5")) {
                throw new IOException("not an engine's answer: " + answer.get());
            }
        }
    }

    private static String call(SSLContext tls, String address) throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address, HundredEngines.PORT), 10_000);
            SSLSocket socket =
                    (SSLSocket)
                            tls.getSocketFactory()
                                    .createSocket(plain, address, HundredEngines.PORT, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.getOutputStream()
                    .write(
                            "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
