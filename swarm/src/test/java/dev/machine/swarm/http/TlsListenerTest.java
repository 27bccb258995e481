package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.testing.TestClient;
import dev.machine.swarm.testing.TestPki;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which clients can connect by TLS. */
@Timeout(30)
class TlsListenerTest extends ServerFixture {
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksTls12AndTls13(String version) throws Exception {
        try (TestClient client = client()) {
            client.socket().setEnabledProtocols(new String[] {version});
            client.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.rest()).endsWith("hello");
            assertThat(client.socket().getSession().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void refusesPlainTcp() throws Exception {
        try (Socket socket = new Socket(address().getAddress(), address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            String heard = "";
            try {
                heard =
                        new String(
                                socket.getInputStream().readAllBytes(),
                                StandardCharsets.ISO_8859_1);
            } catch (java.net.SocketException reset) {
                // A reset is as good as an alert.
            }
            assertThat(heard).doesNotContain("HTTP");
        }
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void refusesAClientWithoutCertificate(String version) throws Exception {
        SSLContext bare = SSLContext.getInstance("TLS");
        bare.init(null, new TrustManager[] {new TrustsAll()}, null);
        assertThatThrownBy(
                        () -> {
                            try (SSLSocket socket =
                                    (SSLSocket)
                                            bare.getSocketFactory()
                                                    .createSocket(
                                                            address().getAddress(),
                                                            address().getPort())) {
                                socket.setEnabledProtocols(new String[] {version});
                                socket.getOutputStream()
                                        .write(
                                                "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
                                                        .getBytes(StandardCharsets.US_ASCII));
                                if (socket.getInputStream().read() < 0) {
                                    throw new IOException("closed without an answer");
                                }
                            }
                        })
                .isInstanceOf(IOException.class);
        assertThat(handled).hasValue(0);
    }

    @Test
    void refusesAClientOfAnotherCa(@TempDir Path other) throws Exception {
        SSLContext stranger = new TestPki(other).context();
        assertThatThrownBy(
                        () ->
                                new TestClient(address(), stranger)
                                        .say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                                        .rest())
                .isInstanceOf(IOException.class);
        assertThat(handled).hasValue(0);
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }
}
