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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Redis that answers wrongly: the error is one sentence, and nobody waits long. */
@Timeout(60)
class HostileRedisTest {
    private ServerSocket server;

    /** Its answer to every call. */
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
        assertThat(source.error())
                .contains("cannot be read: ", words)
                .doesNotContainPattern("\\p{Cntrl}")
                .hasSizeLessThan(400);
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
    void anAnswerThatTrickles() {
        answer =
                out -> {
                    say(out, "$1000\r\n");
                    for (int i = 0; i < 1000; i++) {
                        say(out, "x");
                        Thread.sleep(100);
                    }
                };
        isOneSentence("not answered within 3 s");
    }

    @Test
    void aConnectionThatIsNotAccepted() throws IOException {
        server.setReceiveBufferSize(4096);
        StringBuilder page = new StringBuilder("*2\r\n$1\r\n0\r\n*5000\r\n");
        String name = "multifarious:" + "x".repeat(987);
        page.append(("$1000\r\n" + name + "\r\n").repeat(5000));
        answer =
                out -> {
                    say(out, page.toString());
                    Thread.sleep(20_000);
                };
        isOneSentence("not answered within 3 s");
    }

    @Test
    void aValueOfTwoGigabytes() {
        answer = out -> say(out, "*2\r\n$2147483647\r\nx");
        isOneSentence("a value of 2147483647 bytes");
        answer = out -> say(out, "$4294967297\r\nx");
        isOneSentence("a value of 4294967297 bytes");
    }

    @Test
    void anInvalidLength() {
        for (String length : List.of("-7", "9e9", "+1", "99999999999999999999")) {
            answer = out -> say(out, "$" + length + "\r\n");
            isOneSentence("invalid length");
        }
    }

    @Test
    void aListOfTenMillion() {
        answer = out -> say(out, "*10000000\r\n");
        isOneSentence("more than 300000 values");
    }

    @Test
    void manyListsThatAreTooLongTogether() {
        answer = out -> say(out, "*2\r\n$1\r\n0\r\n" + "*200000\r\n".repeat(2));
        isOneSentence("more than 300000 values");
    }

    @Test
    void listsInListsInLists() {
        answer = out -> say(out, "*1\r\n".repeat(10_000));
        isOneSentence("lists that are nested");
    }

    @Test
    void listsInListsThatBeginWithSomethingElse() {
        answer = out -> say(out, "*2\r\n:1\r\n".repeat(10_000));
        isOneSentence("lists that are nested");
    }

    @Test
    void aLineWithoutEnd() {
        answer = out -> say(out, "-" + "x".repeat(1_000_000));
        isOneSentence("a line of more than");
    }

    @Test
    void aLineThatTwoReadersEndInTwoPlaces() {
        answer = out -> say(out, "+x\r\r\n$2147483647\r\n");
        isOneSentence("line");
    }

    @Test
    void pushesWithoutEnd() {
        String push = ">2\r\n$5\r\nother\r\n$1\r\nx\r\n".repeat(1000);
        answer =
                out -> {
                    while (true) {
                        say(out, push);
                    }
                };
        isOneSentence("more than 300000 values");
    }

    @Test
    void anErrorWithALineBreak() {
        answer = out -> say(out, "-ERR \u001b[31m\u0007 red " + "x".repeat(3000) + "\r\n");
        isOneSentence("\\x1b[31m\\x07 red");
    }

    @Test
    void aRedirectThatLeadsNowhere() {
        answer = out -> say(out, "-MOVED 1\r\n");
        isOneSentence("its answer is not that of a Redis");
    }

    @Test
    void createsWaitHalfASecondTogetherAndNotEach() {
        ImageSource source = ImageSources.of(null, "redis://127.0.0.1:" + server.getLocalPort());
        answer =
                out -> {
                    say(out, "$1000\r\n");
                    while (true) {
                        say(out, "x");
                        Thread.sleep(100);
                    }
                };
        long asked = System.nanoTime();
        for (int i = 0; i < 6; i++) {
            assertThat(source.now().images()).isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void noAnswer() {
        isOneSentence("it did not answer for 500 ms");
    }
}
