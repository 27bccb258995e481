package dev.machine.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.discovery.MemberFolder;
import dev.machine.swarm.testing.Await;
import dev.machine.swarm.testing.RawEngine;
import dev.machine.swarm.testing.TestEndpoint;
import dev.machine.swarm.testing.TestPki;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines that answer what no engine answers: their callers get an error soon, others nothing. */
@Timeout(60)
class HostileEnginesTest {
    @TempDir Path folder;
    private TestPki pki;
    private Path members;
    private RawEngine engine;
    private TestEndpoint endpoint;

    @BeforeEach
    void anEngine() throws IOException {
        pki = new TestPki(folder.resolve("certs"));
        members = Files.createDirectories(folder.resolve("members"));
        engine = new RawEngine(pki, "one");
        engine.join(members);
    }

    @AfterEach
    void end() {
        endpoint.close();
        engine.close();
    }

    private void start() {
        endpoint =
                new TestEndpoint(
                        pki,
                        TestEndpoint.options(pki, new MemberFolder(members)),
                        TestEndpoint.QUICK);
        endpoint.awaitHealthy(1);
    }

    private HttpResponse<String> top(String words, int times) throws Exception {
        engine.script(
                (call, in, out) -> {
                    if (!call.path().contains("/top")) {
                        return false;
                    }
                    for (int i = 0; i < times; i++) {
                        RawEngine.say(out, words);
                    }
                    return true;
                });
        CompletableFuture<HttpResponse<String>> answer =
                endpoint.later(endpoint.request("/v1.41/containers/web/top").GET());
        assertThat(endpoint.call("GET", "/_ping").statusCode()).isEqualTo(200);
        return answer.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 102, 103, 199})
    void interimAnswersWithoutEndAreAnError(int status) throws Exception {
        start();
        HttpResponse<String> answer =
                top("HTTP/1.1 " + status + " Go on\r\nX: y\r\n\r\n", 1_000_000);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("node one").contains("more than 10 interim answers");
        assertThat(endpoint.call("GET", "/v1.41/containers/web/json").statusCode()).isEqualTo(200);
    }

    @Test
    void aFewInterimAnswersArePassedOver() throws Exception {
        start();
        HttpResponse<String> answer =
                top(
                        "HTTP/1.1 100 Continue\r\n\r\n".repeat(10)
                                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                        1);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{}");
    }

    @Test
    void aSwitchOfProtocolsThatNobodyAskedForIsAnError() throws Exception {
        start();
        HttpResponse<String> answer =
                top("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nraw", 1);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("switched protocols although nobody asked");
    }

    @Test
    void aHeadThatTricklesIsGivenUp() throws Exception {
        start();
        engine.script(
                (call, in, out) -> {
                    if (call.path().contains("/top")) {
                        RawEngine.say(out, "HTTP/1.1 200 OK\r\nX: ");
                        while (true) {
                            RawEngine.say(out, "a");
                            Await.pause(Duration.ofMillis(50));
                        }
                    }
                    return false;
                });
        HttpResponse<String> answer =
                endpoint.later(endpoint.request("/v1.41/containers/web/top").GET())
                        .get(20, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("did not answer in time");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
                "HTTP/-1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 -200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 99999 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n",
                "\0\0\0\0\r\n\r\n"
            })
    void noAnswerIsAnythingButAnAnswerOrABrokenConnection(String words) throws Exception {
        start();
        engine.script(
                (call, in, out) -> {
                    if (call.path().contains("/top")) {
                        RawEngine.say(out, words);
                        throw new IOException("and hangs up");
                    }
                    return false;
                });
        try {
            HttpResponse<String> answer =
                    endpoint.later(endpoint.request("/v1.41/containers/web/top").GET())
                            .get(20, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isBetween(200, 599);
        } catch (java.util.concurrent.ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
        }
        assertThat(endpoint.call("GET", "/v1.41/containers/web/json").statusCode()).isEqualTo(200);
    }

    /** It answers everything and hangs up half a moment later. */
    @Test
    void anEngineThatComesAndGoesIsAskedLessAndLess() throws Exception {
        AtomicBoolean flaps = new AtomicBoolean();
        engine.script(
                (call, in, out) -> {
                    if (flaps.get() && call.path().startsWith("/events")) {
                        RawEngine.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                        return true;
                    }
                    return false;
                });
        start();
        flaps.set(true);
        int before = engine.connections();
        engine.cut();
        Await.pause(Duration.ofSeconds(4));
        // Two connections a try: with pauses of 50 ms it would be some 120.
        assertThat(engine.connections() - before).isLessThan(90);
        flaps.set(false);
        endpoint.awaitHealthy(1);
        List<String> calls = engine.calls();
        assertThat(calls).contains("GET /events");
    }
}
