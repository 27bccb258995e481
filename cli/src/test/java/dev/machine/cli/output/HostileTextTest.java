package dev.machine.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.step.NodeProgress.Note;
import dev.machine.provisioning.step.NodeProgress.Planned;
import dev.machine.provisioning.step.StepId;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nodes and engines say cannot move the cursor, ring, or forge a line of ours. */
class HostileTextTest {
    private static final String HOSTILE = "1\u001b[2J\u0007\u009b\u202e\r\nm2\tRunning";
    private static final String SHOWN = "1\\x1b[2J\\x07\\x9b\\u202e\\r\\nm2\\tRunning";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aCellOfATableIsOneCell() {
        assertThat(report().render(Optional.empty(), Optional.empty(), "Name"))
                .isEqualTo("NAME   DOCKER\nm1     " + SHOWN + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{.Name}} {{.DockerVersion}}", "table {{.Name}}\t{{.DockerVersion}}"})
    void aValueOfATemplateIsOnOneLine(String format) {
        assertThat(report().render(Optional.of(format), Optional.empty(), "Name"))
                .endsWith(SHOWN + "\n")
                .doesNotContain("\nm2");
    }

    @Test
    void aNameIsOneName() {
        assertThat(report().render(Optional.empty(), Optional.of("name"), "DockerVersion"))
                .isEqualTo(SHOWN + "\n");
    }

    @Test
    void jsonAndYamlKeepTheValueInTheirOwnEscapes() {
        assertThat(Structured.json(HOSTILE))
                .isEqualTo("\"1\\u001B[2J\\u0007\\u009b\\u202e\\r\\nm2\\tRunning\"");
        assertThat(Structured.yaml(Map.of("version", HOSTILE)))
                .doesNotContain("\u001b", "\u0007", "\u009b", "\u202e", "\r")
                .hasLineCount(1);
        assertThat(Structured.yaml(Map.of("version", "a\u202eb"))).contains("\"a\\u202eb\"");
    }

    @Test
    void everyLineOfProgressBearsItsNode() {
        Note note = new Note("m1", new StepId("install"), HOSTILE);
        Planned plan = new Planned("m1", new StepId("install"), List.of(HOSTILE));
        new PlainProgress(console(false), false).event(note);
        new PlanPrinter(console(false), false).event(plan);
        try (ProgressPrinter live = LiveProgress.start(console(true))) {
            live.event(note);
            live.finished("m1", HOSTILE);
        }

        String[] forbidden = {"\u001b[2J", "\u0007", "\u009b", "\u202e", "\r"};
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("m1 | install: 1\\x1b[2J\\x07\\x9b\\u202e\\r\nm1 | m2\\tRunning\n")
                .doesNotContain(forbidden)
                .doesNotContain("\nm2");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("m1 | install: 1\\x1b[2J\\x07\\x9b\\u202e\\r\nm1 | m2\\tRunning\n");
    }

    private static Report report() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("Name", "NAME");
        titles.put("DockerVersion", "DOCKER");
        Map<String, Object> row = Map.of("Name", "m1", "DockerVersion", HOSTILE);
        return new Report(titles, List.of(row), List.of(row));
    }

    private Console console(boolean live) {
        return new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("COLUMNS", "200", "NO_COLOR", "1"),
                "machine",
                live);
    }
}
