package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.swarm.http.Deadlines;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.TcpSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** What an engine answers on the wire: an answer that ends, or an IOException. */
class EngineReplyFuzzTest {
    private static final Deadlines DEADLINES = new Deadlines();

    @FuzzTest(maxDuration = "5s")
    void endsOrFails(byte[] answer) throws IOException {
        EngineConnection connection =
                new EngineConnection(
                        new TcpSocket(),
                        new CannedTls(answer),
                        "node:2376",
                        c -> {},
                        DEADLINES,
                        Duration.ofSeconds(5));
        try (EngineReply reply = connection.exchange(EngineRequest.get("/_ping"), () -> {})) {
            assertThat(reply.status()).isBetween(101, 999);
            for (Headers.Field field : reply.headers().fields()) {
                assertThat(field.value()).doesNotContain("\r", "\n");
            }
            long read = reply.body().transferTo(OutputStream.nullOutputStream());
            assertThat(read).isLessThanOrEqualTo(answer.length);
        } catch (IOException e) {
            // The engine is at fault, and the call has failed.
        } finally {
            connection.abort();
        }
    }
}
