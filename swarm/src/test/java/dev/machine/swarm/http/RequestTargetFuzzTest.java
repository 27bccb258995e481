package dev.machine.swarm.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** The target of a request: its segments and its query give the original text again. */
class RequestTargetFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void isParsedWithoutLoss(byte[] input) {
        String text = "/" + new String(input, ISO_8859_1);
        try {
            RequestTarget target = RequestTarget.parse(text);
            String query = target.rawQuery() == null ? "" : "?" + target.rawQuery();
            assertThat("/" + String.join("/", target.rawSegments()) + query).isEqualTo(text);
            for (int i = 0; i < target.rawSegments().size(); i++) {
                assertThat(target.segment(i)).isNotNull();
            }
            assertThat(target.flag("a")).isIn(true, false);
            assertThat(target.parameters("filters")).isNotNull();
        } catch (HttpProblem e) {
            assertThat(e.status()).isEqualTo(400);
        }
    }
}
