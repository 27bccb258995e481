package dev.machine.swarm.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Redis that answers what no Redis would: its fault is one sentence, and nobody waits for it. */
@Timeout(60)
class HostileRedisTest {
    private ServerSocket server;

    /** What it says to every call. */
    private volatile Answer answer = out -> {};

    private interface Answer {
        void write(OutputStream out) throws Exception;
    }

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(
                () -> {
                    while (!server.isClosed()) {
                        try {
                            Socket client = server.accept();
                            Thread.startVirtualThread(() -> serve(client));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
    }

    private void serve(Socket client) {
        byte[] call = new byte[65536];
        try (client;
                InputStream in = client.getInputStream()) {
            for (int n = in.read(call); n > 0; n = in.read(call)) {
                // The library sends several calls at once.
                String calls = "\n" + new String(call, 0, n, ISO_8859_1);
                for (int i = calls.split("\n\\*", -1).length; i > 1; i--) {
                    answer.write(client.getOutputStream());
                }
            }
        } catch (Exception e) {
            // The client has given up, as it should.
        }
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    private void isOneSentence(String words) {
        ImageSource source = ImageSources.of(null, "redis://127.0.0.1:" + server.getLocalPort());
        long asked = System.nanoTime();
        assertThat(source.now().images()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
        Await.until("the fault is told", () -> source.error() != null);
        assertThat(source.error()).contains("cannot be read: ", words).doesNotContain("\n");
    }

    @Test
    void aValueOfAnotherType() {
        answer = out -> say(out, ":1\r\n");
        isOneSentence("ClassCastException");
    }

    @Test
    void anErrorForEveryCall() {
        answer = out -> say(out, "-WRONGTYPE not that\r\n");
        isOneSentence("WRONGTYPE");
    }

    @Test
    void aScanWithoutEnd() {
        answer = out -> say(out, "*2\r\n$1\r\n7\r\n*0\r\n");
        isOneSentence("not answered within 3 s");
    }

    @Test
    void silence() {
        isOneSentence("Read timed out");
    }
}
