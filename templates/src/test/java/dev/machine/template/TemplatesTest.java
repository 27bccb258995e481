package dev.machine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {
    private static String golden(String file) throws Exception {
        try (InputStream in = TemplatesTest.class.getResourceAsStream(file + ".golden")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void rendersTheDropIn() throws Exception {
        String command =
                "/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS";
        assertThat(Templates.render("10-machine.conf", Map.of("command", command)))
                .isEqualTo(golden("10-machine.conf"));
    }

    @Test
    void rendersAMember() throws Exception {
        assertThat(
                        Templates.render(
                                "member.yaml",
                                Map.of(
                                        "name", "rack-1-node-4",
                                        "address", "192.168.1.4:2376",
                                        "platform", "linux/arm/v7")))
                .isEqualTo(golden("member.yaml"));
    }

    @Test
    void refusesAMissingAndASuperfluousValueAndAnUnknownFile() {
        assertThatThrownBy(() -> Templates.render("10-machine.conf", Map.of()))
                .hasMessage("10-machine.conf needs a value for command");
        assertThatThrownBy(
                        () ->
                                Templates.render(
                                        "10-machine.conf", Map.of("command", "x", "more", "y")))
                .hasMessage("10-machine.conf has no place for [more]");
        assertThatThrownBy(() -> Templates.render("nosuch", Map.of()))
                .hasMessageContaining("there is no nosuch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{a}}", "{{a|}}", "{{ a|sh }}", "{{a|sh}", "{a|sh}}", "{{a|nosuch}}"})
    void refusesAPlaceholderWithoutAFormat(String template) {
        assertThatThrownBy(() -> Templates.fill("t", template, Map.of("a", "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverReadsAValueAsATemplate() {
        assertThat(Templates.fill("t", "{{a|sh}} {{b|sh}}", Map.of("a", "{{b|sh}}", "b", "$1\\")))
                .isEqualTo("'{{b|sh}}' '$1\\'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dockerd\n[Service]\nExecStartPre=/bin/evil",
                "dockerd \\",
                "dockerd\rx",
                "dockerd\0",
                " ",
            })
    void refusesACommandThatWouldLeaveItsLine(String command) {
        assertThatThrownBy(() -> Templates.render("10-machine.conf", Map.of("command", command)))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("command");
    }
}
