package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;

/** The requests of a connection, one after the other, heads and bodies. */
class RequestHeadFuzzTest {
    private static final int MOST_REQUESTS = 8;

    @FuzzTest(maxDuration = "5s")
    void isReadByOurRulesOrRefused(byte[] sent) throws IOException {
        CannedSocket socket = new CannedSocket(sent);
        try (WireConnection wire = new WireConnection()) {
            wire.bind(socket, socket);
            for (int i = 0; i < MOST_REQUESTS; i++) {
                ClassicHttpRequest request = wire.receiveRequestHeader();
                if (request == null) {
                    return;
                }
                check(request);
                wire.receiveRequestEntity(request);
                if (request.getEntity() != null) {
                    long read = request.getEntity().getContent().transferTo(nowhere());
                    assertThat(read).isLessThanOrEqualTo(sent.length);
                }
            }
        } catch (IOException | HttpException e) {
            // Refused, or cut short: the connection ends.
        }
    }

    private static java.io.OutputStream nowhere() {
        return java.io.OutputStream.nullOutputStream();
    }

    private static void check(ClassicHttpRequest request) {
        assertThat(request.getMethod()).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
        assertThat(request.getPath()).matches("/(?!/)[!-~&&[^#]]*+|/");
        int framings =
                request.countHeaders("Content-Length") + request.countHeaders("Transfer-Encoding");
        assertThat(framings).isLessThanOrEqualTo(1);
        for (Header header : request.getHeaders()) {
            assertThat(header.getName()).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
            String value = header.getValue() == null ? "" : header.getValue();
            assertThat(value.chars().noneMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)).isTrue();
        }
        try {
            RequestTarget target = RequestTarget.parse(request.getPath());
            assertThat(target.rawSegments()).isNotEmpty();
        } catch (HttpProblem e) {
            assertThat(e.status()).isEqualTo(400);
        }
    }
}
