package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.testing.TestClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request ends; one that can be read in two ways is refused. */
@Timeout(30)
class RequestFramingTest extends ServerFixture {
    static Stream<String> smuggled() {
        return Stream.of(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4, 4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n\tfolded\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET //_ping HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET http://x/_ping HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET _ping HTTP/1.1\r\nHost: x\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /a%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
                "GET / HTTP/-1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.-1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/+1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.99999999999\r\nHost: x\r\n\r\n",
                "GET / HTTP/99999999999.1\r\nHost: x\r\n\r\n",
                "GET / http/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1x\r\nHost: x\r\n\r\n",
                "GET / HTTP/\r\nHost: x\r\n\r\n",
                "GET / HTTP/1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.\u00b2\r\nHost: x\r\n\r\n",
                "GET /\r\n\r\n",
                "GET /\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nnocolon\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("smuggled")
    void refusesWhatTwoServersMightReadInTwoWays(String request) throws Exception {
        String answer = ask(request + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("{\"message\":")
                .doesNotContain("hello");
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+3\r\nabc\r\n",
                "-3\r\nabc\r\n",
                " 3\r\nabc\r\n",
                "3 x\r\nabc\r\n",
                "0x3\r\nabc\r\n",
                "3\r\nabcd\r\n",
                "ffffffffffffffff\r\nabc",
                "g\r\n\r\n"
            })
    void refusesBadChunks(String chunk) throws Exception {
        AtomicReference<String> read = new AtomicReference<>("");
        handler =
                request -> {
                    read.set(
                            new String(
                                    request.body().open().readAllBytes(),
                                    StandardCharsets.US_ASCII));
                    return Response.text(200, "whole");
                };
        String answer = "";
        try {
            answer =
                    ask(
                            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + chunk
                                    + "0\r\n\r\n");
        } catch (IOException reset) {
            // A closed connection is a refusal too.
        }
        assertThat(answer).doesNotContain("whole").matches("(?s)(HTTP/1.1 400.*)?");
        assertThat(read).hasValue("");
    }

    @Test
    void takesChunksWithExtensionsAndTrailers() throws Exception {
        handler =
                request ->
                        Response.text(
                                200,
                                "<"
                                        + new String(
                                                request.body().open().readAllBytes(),
                                                StandardCharsets.US_ASCII)
                                        + ">");
        assertThat(
                        ask(
                                "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n"))
                .endsWith("<abcde>");
    }

    @Test
    void refusesHeadsThatAreTooLarge() throws Exception {
        assertThat(ask("GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(ask("GET / HTTP/1.1\r\nHost: x\r\n" + "X: a\r\n".repeat(300) + "\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(
                        ask(
                                "GET / HTTP/1.1\r\nHost: x\r\n"
                                        + ("X: " + "a".repeat(8000) + "\r\n").repeat(12)
                                        + "\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(handled).hasValue(0);
    }

    @Test
    void aHeadThatDoesNotEndIsCutOff() throws Exception {
        try (TestClient client = client()) {
            client.say("GET / HTTP/1.1\r\nHost: x\r\nX: slow");
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    client.say("x");
                                    Thread.sleep(50);
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aCutUploadIsAnErrorForItsReader() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        handler =
                request -> {
                    try {
                        request.body().open().readAllBytes();
                    } catch (IOException e) {
                        failed.countDown();
                        throw e;
                    }
                    return Response.text(200, "whole");
                };
        for (String framing :
                new String[] {
                    "Content-Length: 10\r\n\r\nabc",
                    "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
                }) {
            try (TestClient client = client()) {
                client.say("POST / HTTP/1.1\r\nHost: x\r\n" + framing);
            }
        }
        failed.await();
    }

    @Test
    void aClientThatAsksForPermissionGetsIt() throws Exception {
        handler =
                request ->
                        Response.text(
                                200,
                                "<"
                                        + new String(
                                                request.body().open().readAllBytes(),
                                                StandardCharsets.US_ASCII)
                                        + ">");
        try (TestClient client = client()) {
            client.say(
                            "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
                    .hear("100 Continue\r\n\r\n");
            assertThat(client.say("abc").hear(">")).contains("<abc");
        }
    }

    @Test
    void aBodyThatNobodyReadIsSkippedBeforeTheNextRequest() throws Exception {
        try (TestClient client = client()) {
            client.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345")
                    .hear("hello");
            client.say(
                            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n0\r\n\r\n")
                    .hear("hello");
            client.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear("hello");
        }
    }

    @Test
    void http10GetsItsAnswerToTheEndOfTheConnection() throws Exception {
        handler =
                request ->
                        new Response(
                                200,
                                Headers.NONE,
                                new Response.Relay(
                                        new ByteArrayInputStream(
                                                "old".getBytes(StandardCharsets.US_ASCII)),
                                        -1,
                                        () -> {}));
        assertThat(ask("GET / HTTP/1.0\r\n\r\n")).doesNotContain("chunked").endsWith("\r\n\r\nold");
    }
}
