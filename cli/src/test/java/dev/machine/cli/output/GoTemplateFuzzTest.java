package dev.machine.cli.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.List;
import java.util.Map;

/** The templates of {@code --format}: filled in, or a sentence that says what is known. */
class GoTemplateFuzzTest {
    private static final Map<String, Object> MACHINE =
            Map.of("Name", "m1", "Labels", Map.of("rack", "1"), "SANs", List.of("a", "b"));

    @FuzzTest(maxDuration = "5s")
    void isFilledInOrRefused(byte[] input) {
        String source = new String(input, UTF_8);
        try {
            GoTemplate template = GoTemplate.parse(source);
            assertThat(template.fields()).isNotNull();
            assertThat(template.header(Map.of("Name", "NAME"))).isNotNull();
            String text = template.render(MACHINE, GoTemplate.Missing.NO_VALUE);
            if (!source.contains("{{") && !source.contains("\\")) {
                assertThat(text).isEqualTo(source);
            }
            template.render(MACHINE, GoTemplate.Missing.ERROR);
        } catch (MachineException e) {
            assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
        }
    }
}
