package dev.machine.provisioning.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** machine.json: a machine that is written as it was read, or one sentence. */
class RecordFuzzTest {
    private static final Path FILE = Path.of("target", "fuzz-store", "m1", "machine.json");

    @FuzzTest(maxDuration = "5s")
    void isWrittenAsItWasRead(byte[] content) throws IOException {
        Files.createDirectories(FILE.getParent());
        Files.write(FILE, content);
        try {
            Optional<MachineRecord> machine = RecordFile.read(FILE, "m1");
            assertThat(machine).isPresent();
            assertThat(
                            RecordCodec.decode(
                                    RecordCodec.encode(
                                            machine.get(), JsonNodeFactory.instance.objectNode())))
                    .isEqualTo(machine.get());
        } catch (MachineException e) {
            assertThat(e.sentence()).contains("machine.json");
        }
    }
}
