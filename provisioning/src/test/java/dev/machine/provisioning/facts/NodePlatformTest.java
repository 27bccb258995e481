package dev.machine.provisioning.facts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodePlatformTest {
    @ParameterizedTest
    @CsvSource({
        "amd64, x86_64, linux/amd64",
        "armhf, armv7l, linux/arm/v7",
        // Raspberry Pi OS with 32 bits on a 64-bit kernel: never arm64.
        "armhf, aarch64, linux/arm/v7",
        // Raspbian's armhf is built for ARMv6.
        "armhf, armv6l, linux/arm/v6",
        "armel, armv7l, linux/arm/v6",
        "armel, armv5tel, linux/arm/v5",
        "'', armv8l, linux/arm/v7",
        "arm64, aarch64, linux/arm64",
        "i386, x86_64, linux/386",
        "'', aarch64, linux/arm64",
        "riscv64, riscv64, linux/riscv64",
    })
    void isWhatTheUserlandRuns(String userland, String machine, String platform) {
        assertThat(NodePlatform.of(userland, machine).orElseThrow()).hasToString(platform);
    }

    @Test
    void hasNoNameForWhatNoEngineIsMadeFor() {
        assertThat(NodePlatform.of("", "vax")).isEmpty();
    }
}
