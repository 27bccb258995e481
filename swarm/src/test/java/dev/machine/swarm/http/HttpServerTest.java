package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.TestClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streamed answers, clients that go away, and the end of the server. */
@Timeout(30)
class HttpServerTest extends ServerFixture {
    @Test
    void answersSeveralRequestsOnOneConnection() throws Exception {
        try (TestClient client = client()) {
            for (int i = 0; i < 5; i++) {
                client.say("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.hear("hello"))
                        .startsWith("HTTP/1.1 200 ")
                        .contains("Content-Length: 5");
            }
            client.say(
                    "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.rest())
                    .contains("hello")
                    .endsWith("hello")
                    .contains("Connection: close");
        }
        assertThat(handled).hasValue(7);
    }

    @Test
    void aBodyWhoseSourceBreaksNeverLooksComplete() throws Exception {
        InputStream breaks =
                new InputStream() {
                    private int left = 3;

                    @Override
                    public int read() throws IOException {
                        if (left-- == 0) {
                            throw new IOException("engine gone");
                        }
                        return 'a';
                    }

                    @Override
                    public int read(byte[] b, int off, int len) throws IOException {
                        b[off] = (byte) read();
                        return 1;
                    }
                };
        handler =
                request ->
                        new Response(200, Headers.NONE, new Response.Relay(breaks, -1, () -> {}));
        StringBuilder heard = new StringBuilder();
        assertThatThrownBy(
                        () -> {
                            try (TestClient client = client()) {
                                client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                                while (true) {
                                    int c = client.socket().getInputStream().read();
                                    if (c < 0) {
                                        throw new IOException("end of file");
                                    }
                                    heard.append((char) c);
                                }
                            }
                        })
                .isInstanceOf(IOException.class);
        assertThat(heard).doesNotContain("\r\n0\r\n");
    }

    @Test
    void bytesAreFlushedBeforeTheNextWait() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        handler =
                request ->
                        new Response(
                                200,
                                Headers.NONE,
                                new Response.Live(
                                        out -> {
                                            out.write('a');
                                            out.flush();
                                            await(seen);
                                            out.write('b');
                                        }));
        try (TestClient client = client()) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear("\r\n1\r\na\r\n");
            seen.countDown();
            client.hear("\r\n0\r\n\r\n");
        }
    }

    @Test
    void theHeadOfAStreamIsSentBeforeItsFirstByte() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        handler = request -> new Response(200, Headers.NONE, new Response.Live(out -> await(seen)));
        try (TestClient client = client()) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear("Transfer-Encoding: chunked");
            seen.countDown();
        }
    }

    @Test
    void aClientThatLeavesIsNoticedWhileItsAnswerWaits() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        handler =
                request -> {
                    request.cancellation().attach(gone::countDown);
                    request.cancellation().attach(never::countDown);
                    return new Response(200, Headers.NONE, new Response.Live(out -> await(never)));
                };
        try (TestClient client = client()) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear("\r\n\r\n");
        }
        gone.await();
    }

    @Test
    void aClientThatLeavesAfterItsUploadIsNoticedToo() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        handler =
                request -> {
                    request.cancellation().attach(gone::countDown);
                    request.body().open().readAllBytes();
                    await(gone);
                    return Response.empty(204);
                };
        try (TestClient client = client()) {
            client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
            Await.until("handler runs", () -> handled.get() == 1);
        }
        gone.await();
    }

    @Test
    void headHasTheLengthAndNoBody() throws Exception {
        assertThat(ask("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("Content-Length: 5")
                .endsWith("\r\n\r\n");
    }

    @Test
    void anErrorOfTheHandlerIsAMessage() throws Exception {
        handler =
                request -> {
                    throw new HttpProblem(409, "the \"name\" is taken");
                };
        assertThat(ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 409")
                .endsWith("{\"message\":\"the \\\"name\\\" is taken\"}\n");
    }

    @Test
    void stoppingLetsARunningAnswerEndAndClosesIdleConnections() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        handler =
                request -> {
                    running.countDown();
                    await(go);
                    return Response.text(200, "last");
                };
        try (TestClient idle = client();
                TestClient busy = client()) {
            idle.socket().startHandshake();
            busy.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            running.await();
            Thread stopping = Thread.ofVirtual().start(server::close);
            Await.until(
                    "no new connections",
                    () -> {
                        try {
                            new Socket(address().getAddress(), address().getPort()).close();
                            return false;
                        } catch (IOException refused) {
                            return true;
                        }
                    });
            go.countDown();
            assertThat(busy.rest()).contains("Connection: close").endsWith("last");
            stopping.join();
        }
    }

    @Test
    void stoppingCutsAnAnswerThatNeverEnds() throws Exception {
        handler =
                request ->
                        new Response(
                                200,
                                Headers.NONE,
                                new Response.Live(out -> await(new CountDownLatch(1))));
        try (TestClient client = client()) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear("\r\n\r\n");
            server.close();
            assertThatThrownBy(
                            () -> {
                                if (client.socket().getInputStream().read() < 0) {
                                    throw new IOException("end");
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
    }
}
