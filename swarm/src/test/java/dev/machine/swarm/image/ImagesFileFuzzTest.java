package dev.machine.swarm.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** images.yaml: what can be read can be asked about any image. */
class ImagesFileFuzzTest {
    private static final Path FILE = Path.of("target", "fuzz-images.yaml");

    @FuzzTest(maxDuration = "5s")
    void anErrorIsOneSentence(byte[] content) throws IOException {
        Files.write(FILE, content);
        try {
            ImageSettings settings = ImagesFile.read(FILE);
            Decisions.ask(settings, "docker.io/library/debian:12");
        } catch (MachineException e) {
            assertThat(e.sentence()).contains(FILE.toString());
        }
    }
}
