package dev.machine.provisioning.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.machine.common.MachineException;
import dev.machine.driver.DriverInfo;
import dev.machine.driver.OptionSpec;
import dev.machine.driver.aiyara.AiyaraDriver;
import dev.machine.driver.generic.GenericDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultsTest {
    private static final List<DriverInfo> DRIVERS =
            List.of(new AiyaraDriver().info(), new GenericDriver().info());

    @TempDir Path folder;

    private Path file() {
        return folder.resolve("config.yaml");
    }

    private Defaults read(String yaml) throws Exception {
        Files.writeString(file(), yaml);
        return Defaults.load(file(), DRIVERS);
    }

    @Test
    @Timeout(20)
    void readsOnlyARegularFileOfSomeLength() throws Exception {
        assertThatThrownBy(() -> read("aiyara: {ssh-user: " + "x".repeat(5 << 20) + "}"))
                .hasMessage("cannot read " + file() + ": it is longer than 1024 kB");
        Files.delete(file());
        assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor()).isZero();
        assertThatThrownBy(() -> Defaults.load(file(), DRIVERS))
                .hasMessage("cannot read " + file() + ": it is not a regular file");
    }

    @Test
    void readsWhatMakesCreateNeedNoFlag() throws Exception {
        Defaults defaults =
                read(
                        """
                        # my rack
                        engine-registry-mirror: [http://192.168.1.1:5000]
                        engine-insecure-registry: 192.168.1.1:5000
                        engine-apt-mirror: http://192.168.1.1/debian
                        engine-label: {rack: 1, place: "a: b", on: true, code: 0123}
                        aiyara:
                          ssh-user: root
                          ssh-port: 2222
                          ssh-key: /path/key
                          address: 192.168.{rack}.{node}
                        generic:
                        """);
        assertThat(defaults.registryMirrors()).containsExactly("http://192.168.1.1:5000");
        assertThat(defaults.insecureRegistries()).containsExactly("192.168.1.1:5000");
        assertThat(defaults.engine(EngineSettings.defaults()).install().aptMirror())
                .hasValue("http://192.168.1.1/debian");
        assertThat(defaults.labels())
                .isEqualTo(Map.of("rack", "1", "place", "a: b", "on", "true", "code", "0123"));
        assertThat(defaults.driver("aiyara"))
                .isEqualTo(
                        Map.of(
                                "ssh-user", "root",
                                "ssh-port", "2222",
                                "ssh-key", "/path/key",
                                "address", "192.168.{rack}.{node}"));
        assertThat(defaults.engine(EngineSettings.defaults()).registryMirrors())
                .containsExactly("http://192.168.1.1:5000");
        assertThat(defaults.driver("generic")).isEmpty();
        assertThat(defaults.driver("none")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "aiyara:\nengine-label:\n", "{}"})
    void anEmptyFileSaysNothing(String yaml) throws Exception {
        assertThat(read(yaml).registryMirrors()).isEmpty();
        assertThat(read(yaml).driver("aiyara")).isEmpty();
    }

    @Test
    void aMissingFileSaysNothing() {
        assertThat(Defaults.load(file(), DRIVERS).drivers()).isEmpty();
    }

    @Test
    void namesFileLineAndKnownKeysForAnUnknownKey() {
        assertThatThrownBy(() -> read("aiyara:\n  ssh-user: root\n  ssh-prot: 22\n"))
                .hasMessage(
                        file() + " line 3: unknown key \"ssh-prot\", did you mean \"ssh-port\"?")
                .asInstanceOf(type(MachineException.class))
                .satisfies(
                        e ->
                                assertThat(e.hint())
                                        .contains("ssh-port", "address", "host-range")
                                        .doesNotContain("passwd"));
        assertThatThrownBy(() -> read("\n\nengine-registry-miror: x\n"))
                .hasMessage(
                        file()
                                + " line 3: unknown key \"engine-registry-miror\", did you mean"
                                + " \"engine-registry-mirror\"?");
        assertThatThrownBy(() -> read("zebra: x\n"))
                .hasMessage(file() + " line 1: unknown key \"zebra\"");
    }

    @Test
    void keepsNoSecret() {
        assertThatThrownBy(() -> read("generic:\n  ssh-passwd-stdin: hunter2\n"))
                .hasMessage(
                        file()
                                + " line 2: \"ssh-passwd-stdin\" is a secret and may not"
                                + " stand in a file");
    }

    @Test
    void takesWhereASecretStandsInsteadOfTheSecret() throws Exception {
        DriverInfo cloud =
                new DriverInfo(
                        "cloud",
                        "a cloud",
                        List.of(OptionSpec.secret("token", "TOKEN", "a token")));
        Files.writeString(file(), "cloud:\n  token: \"@~/.token\"\n");
        assertThat(Defaults.load(file(), List.of(cloud)).driver("cloud"))
                .containsEntry("token", "@~/.token");
        Files.writeString(file(), "cloud:\n  token: hunter2\n");
        assertThatThrownBy(() -> Defaults.load(file(), List.of(cloud)))
                .hasMessageContaining("line 2: \"token\" is a secret")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "- a | 1",
                "text | 1",
                "aiyara: x | 1",
                "aiyara: [a] | 1",
                "aiyara: {ssh-user: [a]} | 1",
                "aiyara: {ssh-user: } | 1",
                "engine-label: [a] | 1",
                "engine-registry-mirror: {a: b} | 1",
                "engine-registry-mirror: [[a]] | 1",
                "aiyara: { | 1",
                "a: b: c | 1",
                "\"unclosed | 1",
            })
    void namesFileAndLineOfAnyOtherShape(String yaml, int line) {
        assertThatThrownBy(() -> read(yaml + "\n"))
                .isInstanceOf(MachineException.class)
                .hasMessageStartingWith(file() + " line " + line + ": ")
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("Exception");
    }

    @Test
    void refusesAKeyThatStandsThereTwiceAndAnAlias() {
        assertThatThrownBy(() -> read("aiyara: {ssh-user: a}\naiyara: {ssh-user: b}\n"))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining(" line 2: ");
        assertThatThrownBy(() -> read("engine-label: {a: &x b, c: *x}\n"))
                .isInstanceOf(MachineException.class);
    }

    @Test
    void refusesWhatIsNotUtf8() throws Exception {
        Files.write(file(), new byte[] {'a', (byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> Defaults.load(file(), DRIVERS))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining(file().toString());
    }
}
