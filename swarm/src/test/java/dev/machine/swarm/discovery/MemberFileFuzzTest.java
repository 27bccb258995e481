package dev.machine.swarm.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A member file: a member whose name and address are plain, or one sentence. */
class MemberFileFuzzTest {
    private static final Path FILE = Path.of("target", "fuzz-member.yaml");

    @FuzzTest(maxDuration = "5s")
    void isAMemberOrAnErrorInOneSentence(byte[] content) throws IOException {
        Files.write(FILE, content);
        try {
            Member member = MemberFile.read(FILE);
            assertThat(member.name()).matches("[a-zA-Z0-9.-]{1,63}");
            assertThat(EngineAddress.parse(member.address()).host()).isEqualTo(member.host());
            assertThat(member.port()).isBetween(1, 65535);
        } catch (MachineException e) {
            assertThat(e.sentence()).contains("fuzz-member.yaml");
        }
    }
}
