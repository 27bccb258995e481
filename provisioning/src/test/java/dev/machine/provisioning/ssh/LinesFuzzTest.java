package dev.machine.provisioning.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The output of a command on a node: every line once, the whole as it came. */
class LinesFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void areToldOnceAndInOrder(byte[] output) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        LineReader reader = LineReader.start(new ByteArrayInputStream(output), lines::add);
        assertThat(reader.awaitEnd(Deadline.in(Duration.ofSeconds(30)))).isTrue();
        String text = new String(output, UTF_8);
        assertThat(reader.text()).isEqualTo(text);
        int last = text.lastIndexOf('\n');
        assertThat(String.join("\n", lines)).isEqualTo(last < 0 ? "" : text.substring(0, last));
        assertThat(lines).allMatch(line -> line.indexOf('\n') < 0);
    }
}
