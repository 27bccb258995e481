package dev.machine.provisioning.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.EngineInstall;
import dev.machine.provisioning.store.EngineSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an owner wrote for the engine: daemon.json before the first NUL, /etc/default/docker before
 * the second, the unit behind it.
 */
class DaemonConfigFuzzTest {
    private static final DaemonSpec WISH =
            new DaemonSpec(
                    "aiyara",
                    "arm",
                    "192.0.2.4",
                    2376,
                    new EngineSettings(
                            Map.of("rack", "1"),
                            List.of("http://mirror"),
                            List.of(),
                            Map.of("mtu", "1400"),
                            List.of(),
                            EngineInstall.distro(),
                            Optional.empty()),
                    List.of("fd://"));

    @FuzzTest(maxDuration = "5s")
    void isMergedOnceOrRefused(byte[] input) {
        String[] files = Arrays.copyOf(new String(input, UTF_8).split("\0", 3), 3);
        merge(files[0]);
        defaults(Optional.ofNullable(files[1]));
        String unit = Optional.ofNullable(files[2]).orElse("");
        UnitCommand.withoutHosts(unit)
                .ifPresent(command -> assertThat(command).doesNotContain("\n"));
        assertThat(UnitCommand.after(unit)).isNotNull();
    }

    private static void merge(String file) {
        try {
            DaemonConfig first =
                    DaemonConfig.merge(Optional.of(file), Optional.empty(), WISH, true);
            DaemonConfig second =
                    DaemonConfig.merge(
                            Optional.of(first.content()), Optional.of(first.managed()), WISH, true);
            assertThat(second.changedKeys()).isEmpty();
            assertThat(second.content()).isEqualTo(first.content());
        } catch (MachineException e) {
            assertThat(e.sentence()).contains("daemon.json");
        }
    }

    private static void defaults(Optional<String> file) {
        try {
            DefaultFile.of(file)
                    .ifPresent(
                            found -> {
                                List<String> rest =
                                        DaemonFlags.of(found.words(), EngineFiles.DEFAULT).rest();
                                assertThat(found.with(rest)).contains("DOCKER_OPTS=");
                            });
        } catch (MachineException e) {
            assertThat(e.sentence()).contains(EngineFiles.DEFAULT);
        }
    }
}
