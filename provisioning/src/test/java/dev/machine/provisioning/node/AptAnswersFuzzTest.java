package dev.machine.provisioning.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.common.MachineException;
import java.time.Duration;
import java.util.List;

/** What apt and dpkg print, and what our scripts print of the node as it was before. */
class AptAnswersFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void becomeOneSentence(byte[] output) {
        String text = new String(output, UTF_8);
        assertThat(PackageVersions.parse(text)).doesNotHaveDuplicates();
        MachineException failure =
                InstallFailure.of("m1", List.of("docker.io"), Duration.ofMinutes(5), 100, text);
        assertThat(failure.sentence()).isNotBlank();
        try {
            assertThat(SnapshotReader.parse(text).purged()).isNotNull();
        } catch (MachineException e) {
            assertThat(e.sentence()).isNotBlank();
        }
    }
}
