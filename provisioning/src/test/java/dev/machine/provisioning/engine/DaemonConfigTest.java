package dev.machine.provisioning.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.EngineInstall;
import dev.machine.provisioning.store.EngineSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DaemonConfigTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void keepsWhatTheOwnerWrote() throws Exception {
        DaemonConfig merged =
                merge(
                        "{\"log-opts\":{\"max-size\":\"7m\"},\"data-root\":\"/srv/docker\",\"labels\":[\"mine=1\"],\"registry-mirrors\":[\"http://theirs\"]}",
                        Optional.empty(),
                        settings(List.of("http://ours"), Map.of()));

        JsonNode after = JSON.readTree(merged.content());
        assertThat(after.at("/log-opts/max-size").asText()).isEqualTo("7m");
        assertThat(after.path("data-root").asText()).isEqualTo("/srv/docker");
        assertThat(texts(after.path("labels")))
                .containsExactly("architecture=arm", "provider=aiyara", "rack=1", "mine=1");
        assertThat(texts(after.path("registry-mirrors")))
                .containsExactly("http://ours", "http://theirs");
    }

    @Test
    void changesNothingTheSecondTime() {
        DaemonConfig first =
                merge(
                        "{\"debug\":true}",
                        Optional.empty(),
                        settings(List.of("http://m"), Map.of("mtu", "1400")));
        DaemonConfig second =
                merge(
                        first.content(),
                        Optional.of(first.managed()),
                        settings(List.of("http://m"), Map.of("mtu", "1400")));

        assertThat(second.changedKeys()).isEmpty();
        assertThat(second.content()).isEqualTo(first.content());
        assertThat(second.managed()).isEqualTo(first.managed());
    }

    @Test
    void takesBackWhatIsNoLongerWantedAndOnlyThat() throws Exception {
        DaemonConfig first =
                merge(
                        "{\"registry-mirrors\":[\"http://theirs\"]}",
                        Optional.empty(),
                        settings(List.of("http://old"), Map.of("log-driver", "local")));
        DaemonConfig second =
                merge(
                        first.content(),
                        Optional.of(first.managed()),
                        settings(List.of("http://new"), Map.of()));

        JsonNode after = JSON.readTree(second.content());
        assertThat(texts(after.path("registry-mirrors")))
                .containsExactly("http://new", "http://theirs");
        assertThat(after.has("log-driver")).isFalse();
        assertThat(second.changedKeys())
                .containsExactlyInAnyOrder("registry-mirrors", "log-driver");
        assertThat(second.diff())
                .containsExactlyInAnyOrder(
                        "registry-mirrors (-http://old +http://new)", "log-driver (-local)");
    }

    @Test
    void listensOnTheNodesAddressAndLoopbackAndNeverInTheClear() throws Exception {
        DaemonConfig merged =
                merge(
                        "{\"hosts\":[\"tcp://0.0.0.0:2375\"]}",
                        Optional.empty(),
                        settings(List.of(), Map.of()));

        assertThat(texts(JSON.readTree(merged.content()).path("hosts")))
                .containsExactly("fd://", "tcp://192.168.1.4:2376", "tcp://127.0.0.1:2376");
    }

    /** E26: from Docker 29.10 on, a list without the loopback ranges takes them away. */
    @Test
    void spellsLoopbackOutOnceInsecureRegistriesAreGiven() throws Exception {
        EngineSettings settings =
                new EngineSettings(
                        Map.of(),
                        List.of(),
                        List.of("10.0.0.1:5000"),
                        Map.of(),
                        List.of(),
                        EngineInstall.distro(),
                        Optional.empty());

        DaemonConfig merged = merge("{}", Optional.empty(), settings);
        assertThat(texts(JSON.readTree(merged.content()).path("insecure-registries")))
                .containsExactly("10.0.0.1:5000", "127.0.0.0/8", "::1/128");
        DaemonConfig without =
                merge(
                        merged.content(),
                        Optional.of(merged.managed()),
                        settings(List.of(), Map.of()));
        assertThat(JSON.readTree(without.content()).has("insecure-registries")).isFalse();
    }

    /** E26: an empty list means no loopback registry to Docker 29.10; it is the owner's choice. */
    @Test
    void keepsTheOwnersEmptyListOfInsecureRegistries() throws Exception {
        DaemonConfig merged =
                merge(
                        "{\"insecure-registries\":[]}",
                        Optional.empty(),
                        settings(List.of(), Map.of()));
        assertThat(merged.changedKeys()).doesNotContain("insecure-registries");
        assertThat(JSON.readTree(merged.content()).path("insecure-registries").isArray()).isTrue();
    }

    @Test
    void givesOptionsTheTypeThatDockerdWants() throws Exception {
        JsonNode after =
                JSON.readTree(
                        merge(
                                        "{}",
                                        Optional.empty(),
                                        settings(
                                                List.of(),
                                                Map.of(
                                                        "mtu",
                                                        "1400",
                                                        "debug",
                                                        "true",
                                                        "storage-opt",
                                                        "a=b,c=d",
                                                        "log-opt",
                                                        "max-size=1m",
                                                        "log-driver",
                                                        "$(reboot)")))
                                .content());

        assertThat(after.path("mtu").isInt()).isTrue();
        assertThat(after.path("debug").isBoolean()).isTrue();
        assertThat(texts(after.path("storage-opts"))).containsExactly("a=b", "c=d");
        assertThat(after.at("/log-opts/max-size").asText()).isEqualTo("1m");
        assertThat(after.path("log-driver").asText()).isEqualTo("$(reboot)");
    }

    @Test
    void refusesAFileThatIsNoJsonObject() {
        for (String broken : List.of("{\"a\":", "[]", "text")) {
            assertThatThrownBy(() -> merge(broken, Optional.empty(), settings(List.of(), Map.of())))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("/etc/docker/daemon.json");
        }
    }

    @Test
    void namesTheKeyOfAnotherTypeAndTheLineOfAnError() {
        for (String wrong :
                List.of("{\"labels\": \"a=b\"}", "{\"hosts\": \"fd://\"}", "{\"labels\": [1]}")) {
            assertThatThrownBy(() -> merge(wrong, Optional.empty(), settings(List.of(), Map.of())))
                    .hasMessageContaining("/etc/docker/daemon.json cannot be merged: \"")
                    .hasMessageContaining("is no list of texts");
        }
        assertThatThrownBy(
                        () ->
                                merge(
                                        "{\n // ours\n}",
                                        Optional.empty(),
                                        settings(List.of(), Map.of())))
                .hasMessageContaining("line 2");
    }

    @Test
    void keepsSocketsOfOthersButNothingInTheClear() throws Exception {
        DaemonConfig merged =
                merge(
                        "{\"hosts\":[\"unix:///var/run/docker.sock\",\"unix:///srv/ci.sock\",\"tcp://0.0.0.0:2375\"]}",
                        Optional.empty(),
                        settings(List.of(), Map.of()));

        assertThat(texts(JSON.readTree(merged.content()).path("hosts")))
                .containsExactly(
                        "fd://",
                        "tcp://192.168.1.4:2376",
                        "tcp://127.0.0.1:2376",
                        "unix:///srv/ci.sock");
    }

    @Test
    void leavesLiveRestoreOutForAnEngineInSwarmMode() {
        DaemonSpec wish =
                new DaemonSpec(
                        "aiyara",
                        "arm",
                        "192.168.1.4",
                        2376,
                        settings(List.of(), Map.of()),
                        List.of("fd://"));

        assertThat(DaemonConfig.merge(Optional.empty(), Optional.empty(), wish, false).content())
                .doesNotContain("live-restore");
    }

    @Test
    void writesLiveRestoreAloneForTheRunningEngine() throws Exception {
        JsonNode alone =
                JSON.readTree(DaemonConfig.withLiveRestore(Optional.of("{\"debug\":true}"), true));

        assertThat(alone).isEqualTo(JSON.readTree("{\"debug\":true,\"live-restore\":true}"));
    }

    private static DaemonConfig merge(
            String current, Optional<String> managed, EngineSettings settings) {
        return DaemonConfig.merge(
                Optional.of(current),
                managed,
                new DaemonSpec("aiyara", "arm", "192.168.1.4", 2376, settings, List.of("fd://")),
                true);
    }

    private static EngineSettings settings(List<String> mirrors, Map<String, String> options) {
        return new EngineSettings(
                Map.of("rack", "1"),
                mirrors,
                List.of(),
                options,
                List.of(),
                EngineInstall.distro(),
                Optional.empty());
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }
}
