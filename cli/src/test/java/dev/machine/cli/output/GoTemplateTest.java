package dev.machine.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoTemplateTest {
    private static final Map<String, Object> ROOT =
            Map.of(
                    "name",
                    "n1",
                    "ssh",
                    Map.of("port", 22, "user", "root"),
                    "list",
                    List.of("a", "b"));

    @Test
    void fillsFieldsAndKeepsText() {
        assertThat(render("<{{.name}}:{{ .ssh.port }}>")).isEqualTo("<n1:22>");
    }

    @Test
    void findsAFieldWhateverItsCase() {
        assertThat(render("{{.Name}} {{.SSH.User}}")).isEqualTo("n1 root");
    }

    @Test
    void printsJsonBothWays() {
        assertThat(render("{{json .list}}{{.list | json}}"))
                .isEqualTo("[\"a\",\"b\"][\"a\",\"b\"]");
        assertThat(render("{{prettyjson .ssh.user}}")).isEqualTo("\"root\"");
    }

    @Test
    void unescapesTabsAndLinesInTextAndInLiterals() {
        assertThat(render("a\\tb\\n{{\"\\t\"}}")).isEqualTo("a\tb\n\t");
    }

    @Test
    void saysNoValueAsGoDoes() {
        assertThat(render("{{.nothing.at.all}}")).isEqualTo("<no value>");
    }

    @Test
    void namesTheFieldsWhereAnUnknownOneIsAnError() {
        assertThatThrownBy(() -> GoTemplate.parse("{{.x}}").render(ROOT, GoTemplate.Missing.ERROR))
                .isInstanceOfSatisfying(
                        MachineException.class,
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(2);
                            assertThat(e.hint()).contains("name", "ssh", "list");
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{{.name", "{{range .list}}{{end}}", "{{name}}", "{{.a | upper}}", "{{}}"})
    void refusesWhatItDoesNotKnow(String template) {
        assertThatThrownBy(() -> GoTemplate.parse(template))
                .isInstanceOfSatisfying(
                        MachineException.class, e -> assertThat(e.exitCode()).isEqualTo(2));
    }

    private static String render(String template) {
        return GoTemplate.parse(template).render(ROOT, GoTemplate.Missing.NO_VALUE);
    }
}
