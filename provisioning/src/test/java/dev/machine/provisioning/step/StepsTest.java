package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.undo.UndoSteps;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepsTest {
    /** Scripts find these words in JSON and in records. */
    @Test
    void goInOneOrderByWordsThatNeverChange() {
        assertThat(titles(Steps.all()))
                .containsExactly(
                        "await cloud-init",
                        "validate facts",
                        "authorize key",
                        "set clock",
                        "install certificates",
                        "configure engine",
                        "install engine",
                        "run engine",
                        "verify engine",
                        "join swarm");
        assertThat(titles(UndoSteps.all()))
                .containsExactly(
                        "prove node",
                        "look for losses",
                        "leave swarm",
                        "remove packages",
                        "restore packages",
                        "restore files",
                        "remove key");
    }

    @Test
    void areOneWordForTheVariableOfTestsAndForFindings() {
        assertThat(new StepId("await cloud-init").word()).isEqualTo("await-cloud-init");
    }

    @Test
    void areFoundInARecordByTheirTitle() {
        StepId id = new StepId("remove key");

        assertThat(id.isIn(Optional.of("remove key"))).isTrue();
        assertThat(id.isIn(Optional.of("restore files"))).isFalse();
        assertThat(id.isIn(Optional.empty())).isFalse();
    }

    private static List<String> titles(List<Step> steps) {
        return steps.stream().map(step -> step.id().title()).toList();
    }
}
