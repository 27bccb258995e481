package dev.machine.provisioning.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineInstallTest {
    @ParameterizedTest
    @CsvSource({
        "http://192.168.1.1/debian",
        "https://mirror.rack:8443/raspbian/",
        "deb http://192.168.1.1/debian bookworm main contrib",
        "deb [trusted=yes arch=armhf] http://192.168.1.1:8088 bookworm-armhf/",
    })
    void takesAMirrorOrALineOfSources(String mirror) {
        assertThat(EngineInstall.isAptMirror(mirror)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "192.168.1.1",
                "file:///srv/debian",
                "http://192.168.1.1/debian bookworm",
                "deb http://192.168.1.1/debian",
                "deb [trusted=yes\n] http://192.168.1.1/ ./",
                "deb http://192.168.1.1/ ./\ndeb http://192.168.1.2/ ./",
                "deb-src http://192.168.1.1/ ./",
            })
    void refusesWhatWouldBeMoreThanOneSourceOrNone(String text) {
        assertThat(EngineInstall.isAptMirror(text)).isFalse();
    }
}
