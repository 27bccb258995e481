package dev.machine.provisioning.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.common.MachineException;
import dev.machine.driver.DriverInfo;
import dev.machine.driver.OptionSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** config.yaml: what can be read, or a sentence with file and line. */
class DefaultsFuzzTest {
    private static final Path FILE = Path.of("target", "fuzz-config.yaml");
    private static final List<DriverInfo> DRIVERS =
            List.of(
                    new DriverInfo(
                            "aiyara",
                            "boards",
                            List.of(
                                    OptionSpec.optional("ssh-user", "U", "user"),
                                    OptionSpec.secret("token", "T", "token"))));

    @FuzzTest(maxDuration = "5s")
    void namesFileAndLineOfWhatIsWrong(byte[] content) throws IOException {
        Files.write(FILE, content);
        try {
            Defaults defaults = Defaults.load(FILE, DRIVERS);
            assertThat(defaults.driver("aiyara").keySet()).isSubsetOf("ssh-user", "token");
        } catch (MachineException e) {
            assertThat(e.sentence()).contains(FILE.toString());
        }
    }
}
