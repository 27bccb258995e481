package dev.machine.provisioning.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.ManagedFile.PutBack;
import dev.machine.provisioning.ssh.Script;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManagedFileTest {
    private static final Facts NODE = new Facts(Map.of(), Duration.ZERO, Optional.empty());

    /** A folder, and what a reboot removes. */
    private static final List<String> NO_FILES =
            List.of(EngineFiles.ORIGINAL, EngineFiles.RESTART_PENDING);

    @Test
    void everyPathOnANodeIsOne() throws Exception {
        List<String> paths = new ArrayList<>();
        for (Field constant : EngineFiles.class.getFields()) {
            paths.add((String) constant.get(null));
        }
        paths.removeAll(NO_FILES);

        assertThat(Stream.of(ManagedFile.values()).map(ManagedFile::path)).containsAll(paths);
    }

    @ParameterizedTest
    @EnumSource
    void isKeptBeforeItIsWrittenOrGoesWithOurFolder(ManagedFile file) {
        if (file.putBack() == PutBack.WITH_FOLDER) {
            assertThat(file.path()).startsWith("/etc/docker/machine/");
        } else {
            assertThat(words(NodeSnapshot.remember(new Script(), NODE))).contains(file.path());
        }
    }

    @ParameterizedTest
    @EnumSource
    void isPutBackWhereAnEngineStays(ManagedFile file) {
        Script script = new Script();
        SnapshotReader before = SnapshotReader.parse("known=yes\nactive=active\n");
        RestoreScript.restart(script, NODE, before, Optional.empty(), () -> false);
        RestoreScript.afterRestart(script);

        switch (file.putBack()) {
            case LAST -> assertThat(script.text()).contains("\nfinal\n");
            case BEFORE_RESTART, AFTER_RESTART ->
                    assertThat(script.text()).contains("\nback '%s'\n".formatted(file.path()));
            case WITH_ENGINE, WITH_FOLDER ->
                    assertThat(script.text()).doesNotContain("back '%s'".formatted(file.path()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isPutBackWhereTheEngineGoes(ManagedFile file) {
        Script script = new Script();
        RestoreScript.everything(script);

        assertThat(script.text().contains("\nback '%s'\n".formatted(file.path())))
                .isEqualTo(file.putBack() != PutBack.WITH_FOLDER);
    }

    @Test
    void factsTellOfEachByItsName() {
        assertThat(FactsScript.text())
                .contains(
                        "\nfile daemon.json /etc/docker/daemon.json\n",
                        "\nfile ca.pem /etc/docker/ca.pem\n",
                        "\nfile server.pem /etc/docker/server.pem\n",
                        "\nsecret server-key /etc/docker/server-key.pem\n",
                        "\nfile dropin /etc/systemd/system/docker.service.d/10-machine.conf\n",
                        "\nfile default /etc/default/docker\n",
                        "\nfile retry /etc/docker/machine/retry\n",
                        "\nfile engine.list /etc/apt/sources.list.d/machine-engine.list\n",
                        "\nfile engine.pref /etc/apt/preferences.d/machine-engine\n",
                        "\nfile engine.asc /etc/apt/keyrings/machine-engine.asc\n",
                        "\nfile managed.json /etc/docker/machine/managed.json\n");
        for (ManagedFile file : ManagedFile.values()) {
            assertThat(FactsScript.text()).contains(file.question());
        }
    }

    private static List<String> words(Script script) {
        return List.of(script.text().split("[\\s']+"));
    }
}
