package dev.machine.provisioning.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.provisioning.store.EngineSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DaemonUndoTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORIGINAL =
            "{\"labels\":[\"mine=1\",\"provider=me\"],\"log-driver\":\"local\",\"live-restore\":true}";

    @Test
    void isTheOriginalFileWhereNobodyElseChangedAnything() {
        for (Optional<String> original :
                List.of(Optional.<String>empty(), Optional.of("{}"), Optional.of(ORIGINAL))) {
            DaemonConfig ours = ours(original);
            assertThat(
                            DaemonUndo.of(
                                            Optional.of(ours.content()),
                                            Optional.of(ours.managed()),
                                            original)
                                    .content())
                    .as("%s", original)
                    .isEmpty();
        }
    }

    @Test
    void isTheOriginalFileInTheMiddleOfARunThatWasCutShort() {
        assertThat(
                        DaemonUndo.of(
                                        Optional.of(
                                                DaemonConfig.withLiveRestore(
                                                        Optional.of("{}"), false)),
                                        Optional.of(ours(Optional.of("{}")).managed()),
                                        Optional.of("{}"))
                                .content())
                .isEmpty();
    }

    @Test
    void keepsWhatSomebodyElseSetMeanwhile() throws Exception {
        DaemonConfig ours = ours(Optional.of(ORIGINAL));
        String changed =
                ours.content()
                        .replaceFirst("\\{", "{\"dns\":[\"10.0.0.1\"],")
                        .replace("\"mine=1\"", "\"mine=1\",\"theirs=2\"");

        JsonNode after =
                JSON.readTree(
                        DaemonUndo.of(
                                        Optional.of(changed),
                                        Optional.of(ours.managed()),
                                        Optional.of(ORIGINAL))
                                .content()
                                .orElseThrow());

        assertThat(after.path("dns").path(0).asText()).isEqualTo("10.0.0.1");
        assertThat(after.path("labels"))
                .extracting(JsonNode::asText)
                .containsExactly("mine=1", "provider=me", "theirs=2");
        assertThat(after.path("log-driver").asText()).isEqualTo("local");
        assertThat(after.has("tlsverify") || after.has("hosts") || after.has("mtu")).isFalse();
    }

    private static DaemonConfig ours(Optional<String> original) {
        EngineSettings settings = EngineSettings.defaults();
        return DaemonConfig.merge(
                original,
                Optional.empty(),
                new DaemonSpec(
                        "aiyara",
                        "arm",
                        "192.168.1.4",
                        2376,
                        new EngineSettings(
                                Map.of("rack", "1"),
                                List.of("http://mirror"),
                                List.of("10.0.0.1:5000"),
                                Map.of("log-driver", "journald", "mtu", "1400"),
                                settings.tlsSans(),
                                settings.install(),
                                settings.listen()),
                        List.of("fd://")),
                true);
    }
}
