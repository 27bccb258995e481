package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.doctor.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir private Path folder;

    @Test
    void saysNothingOnStandardOutputButTitlesWhenAllIsWell() {
        Desk desk = new Desk(folder);
        assertThat(desk.type("doctor")).isZero();
        assertThat(desk.answer().lines()).hasSize(1);
        assertThat(desk.told()).contains("0 machines checked, no problem found");
        assertThat(folder.resolve("locks")).doesNotExist();
    }

    @Test
    void listsFindingsWithTheirCuresAndCountsNotesAsNoFault() {
        Desk desk = new Desk(folder);
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        desk.machine("n2", "tcp://10.0.0.2:2376", false);
        Finding note = new Finding("n1", "engine", Finding.Level.NOTE, "speaks API 1.41", "");
        desk.machines.findings.put("n1", List.of(note));
        assertThat(desk.type("doctor -o json")).isZero();
        assertThat(desk.answer()).contains("\"level\": \"note\"");

        desk.machines.unreachable.add("n2");
        desk.console = new TestConsole();
        assertThat(desk.type("doctor")).isEqualTo(1);
        assertThat(desk.answer()).containsPattern("n2 +error +no route to n2 +check");
        assertThat(desk.told()).contains("2 machines checked, 1 problem found");

        desk.console = new TestConsole();
        assertThat(desk.type("doctor n1")).isZero();
        assertThat(desk.type("doctor nobody")).isEqualTo(5);
    }

    @Test
    void saysANoteOfSeveralMachinesOnce() {
        Desk desk = new Desk(folder);
        for (String name : List.of("n1", "n2", "n3")) {
            desk.machine(name, "tcp://10.0.0.1:2376", false);
            desk.machines.findings.put(
                    name,
                    List.of(
                            new Finding(name, "docker-cli", Finding.Level.NOTE, "is old", "29.3"),
                            Finding.error(name, "engine", "does not run", "start it")));
        }

        assertThat(desk.type("doctor")).isEqualTo(1);
        assertThat(desk.answer()).containsOnlyOnce("is old").containsPattern("n1 and 2 more +note");
        assertThat(desk.answer().split("does not run", -1)).hasSize(4);

        desk.console = new TestConsole();
        desk.type("doctor -o json");
        assertThat(desk.answer().split("is old", -1)).hasSize(4);
    }

    @Test
    void looksAtTheStoreWithoutAskingAnybody() throws Exception {
        Desk desk = new Desk(folder);
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        desk.machines.unreachable.add("n1");
        assertThat(desk.type("doctor --cached")).isZero();
        Files.writeString(folder.resolve("config.yaml"), "nonsense: 1\n");
        assertThat(desk.type("doctor --cached")).isEqualTo(1);
        assertThat(desk.answer()).contains("nonsense");
    }
}
