package dev.machine.provisioning.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code ssh -G} prints of a configuration that others wrote. */
class SshConfigAnswerFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void isReadWhateverItSays(byte[] output) {
        SshConfigAnswer answer =
                new SshConfigAnswer(
                        Path.of("/home/a\\b$c"),
                        name -> name.equals("A") ? Optional.of("$b\\") : Optional.empty(),
                        "board",
                        "unset",
                        note -> assertThat(note).isNotBlank());
        HostSettings settings = answer.read(new String(output, UTF_8).lines().toList());
        assertThat(settings).isNotNull();
    }
}
