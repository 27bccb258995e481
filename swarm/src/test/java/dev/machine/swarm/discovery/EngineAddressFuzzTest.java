package dev.machine.swarm.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.common.MachineException;
import java.util.List;

/** Addresses of engines, with ranges, as files and command lines give them. */
class EngineAddressFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void isReadBackAsItIsPrinted(byte[] input) {
        try {
            List<EngineAddress> all = EngineAddress.expand(new String(input, UTF_8));
            assertThat(all).hasSizeBetween(1, 4096);
            EngineAddress first = all.getFirst();
            assertThat(EngineAddress.parse(first.toString())).isEqualTo(first);
        } catch (MachineException e) {
            assertThat(e.sentence()).isNotBlank();
        }
    }
}
