package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.engine.Platform.BadPlatformException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "linux/amd64,linux/amd64",
        "amd64,linux/amd64",
        "x86_64,linux/amd64",
        "linux/x86-64/v1,linux/amd64",
        "i386,linux/386",
        "i686,linux/386",
        "arm64,linux/arm64",
        "aarch64,linux/arm64",
        "linux/arm64/v8,linux/arm64",
        "linux/arm64/8,linux/arm64",
        "arm,linux/arm/v7",
        "linux/arm,linux/arm/v7",
        "LINUX/ARM/7,linux/arm/v7",
        "armhf,linux/arm/v7",
        "linux/armhf,linux/arm/v7",
        "armel,linux/arm/v6",
        "arm/v6,linux/arm/v6",
        "linux/arm/6,linux/arm/v6",
        "linux/arm/v5,linux/arm/v5",
        "armv7l,linux/arm/v7",
        "armv6l,linux/arm/v6",
        "linux/armv7l,linux/arm/v7",
        "linux/riscv64,linux/riscv64",
        "windows/amd64,windows/amd64",
        "linux,linux",
    })
    void understandsEveryNameOfAPlatform(String text, String platform) {
        assertThat(Platform.parse(text)).hasToString(platform);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "linux/", "pdp11", "a/b/c/d", "arm/"})
    void refusesWhatIsNoPlatform(String text) {
        assertThatThrownBy(() -> Platform.parse(text))
                .isInstanceOf(BadPlatformException.class)
                .hasMessageContaining("is not a platform");
    }

    @ParameterizedTest
    @CsvSource({
        "linux/arm/v7,linux/arm/v7,true",
        "linux/arm/v7,linux/arm/v6,true",
        "linux/arm/v7,linux/arm/v5,true",
        "linux/arm/v6,linux/arm/v7,false",
        "linux/arm/v6,linux/arm/v5,true",
        "linux/arm/v7,linux/arm64,false",
        "linux/arm64,linux/arm64/v8,true",
        "linux/arm64,linux/arm/v7,true",
        "linux/arm64,linux/arm/v8,true",
        "linux/arm64,linux/arm64/v9,false",
        "linux/amd64,linux/386,true",
        "linux/386,linux/amd64,false",
        "linux/amd64,linux/amd64/v2,false",
        "linux/amd64,linux/arm/v7,false",
        "linux/amd64,windows/amd64,false",
        "linux/riscv64,linux/riscv64,true",
        "linux/amd64,linux,true",
    })
    void aNodeRunsItsLesserRelatives(String node, String image, boolean runs) {
        assertThat(Platform.parse(node).accepts(Platform.parse(image))).isEqualTo(runs);
    }

    @Test
    void anArmImageThatNamesNoVariantMaySuitEveryBoard() {
        Platform hypriot = Platform.ofImage("linux", "arm", "");
        assertThat(Platform.parse("linux/arm/v6").accepts(hypriot)).isTrue();
        assertThat(Platform.parse("linux/amd64").accepts(hypriot)).isFalse();
        assertThat(hypriot).hasToString("linux/arm");
    }

    @ParameterizedTest
    @CsvSource({
        // what programs are built for, the kernel's word, the engine's label
        "amd64,x86_64,'',linux/amd64",
        "amd64,i686,'',linux/amd64",
        "arm,armv7l,'',linux/arm/v7",
        "arm,armv6l,'',linux/arm/v6",
        "arm,armv6l,arm,linux/arm/v6",
        "arm,armv5tel,arm,linux/arm/v5",
        "arm,aarch64,'',linux/arm/v7",
        "arm64,aarch64,arm64,linux/arm64",
        "arm,armv6l,armhf,linux/arm/v6",
        "arm,aarch64,arm/v6,linux/arm/v6",
        "amd64,x86_64,arm,linux/arm/v7",
        "amd64,x86_64,arm/v6,linux/arm/v6",
        "amd64,x86_64,nonsense,linux/amd64",
        "'',x86_64,'',linux/amd64",
    })
    void theUserlandDecidesAndTheLabelOnlyWhereItSaysMore(
            String goarch, String machine, String label, String platform) {
        assertThat(Platform.ofEngine("linux", goarch, machine, label)).hasToString(platform);
    }

    @ParameterizedTest
    @CsvSource({
        "linux/arm/v7,linux/arm/v7 arm/v7 arm armv7l armhf arm32v7",
        "linux/arm/v6,linux/arm/v6 arm/v6 arm armv6l armel arm32v6",
        "linux/amd64,linux/amd64 amd64 x86_64",
    })
    void tablesKnowItFromExactToLoose(String platform, String fields) {
        assertThat(Platform.parse(platform).fields()).containsExactly(fields.split(" "));
    }
}
