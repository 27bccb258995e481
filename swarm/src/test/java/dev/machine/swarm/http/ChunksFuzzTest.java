package dev.machine.swarm.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpException;

/** The chunks of an upload: read as RFC 9112, section 7.1 defines them, or refused. */
class ChunksFuzzTest {
    private static final String HEAD =
            "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    @FuzzTest(maxDuration = "5s")
    void areReadAsWrittenOrRefused(byte[] chunks) throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.writeBytes(HEAD.getBytes(ISO_8859_1));
        sent.writeBytes(chunks);
        CannedSocket socket = new CannedSocket(sent.toByteArray());
        try (WireConnection wire = new WireConnection()) {
            wire.bind(socket, socket);
            ClassicHttpRequest request = wire.receiveRequestHeader();
            wire.receiveRequestEntity(request);
            byte[] body = request.getEntity().getContent().readAllBytes();
            assertThat(new String(body, ISO_8859_1))
                    .isEqualTo(body(new String(chunks, ISO_8859_1)));
        } catch (IOException | HttpException e) {
            // Refused, or cut short: the connection ends.
        }
    }

    /** A simple reader of the grammar; the server must accept no more than this. */
    private static String body(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (true) {
            int end = chunks.indexOf('\n', at);
            String line = chunks.substring(at, end < 0 ? chunks.length() : end);
            int size = Integer.parseInt(line.replaceFirst("(?s)[^0-9A-Fa-f].*", ""), 16);
            if (size == 0) {
                return body.toString();
            }
            at = end + 1;
            body.append(chunks, at, at + size);
            at = chunks.indexOf('\n', at + size) + 1;
        }
    }
}
