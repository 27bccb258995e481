package dev.machine.swarm.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which clients are shown names without a slash. */
class NameStyleTest {
    /**
     * The first is what docker 29.8.0 sends, recorded; later ones are other forms of its version.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Docker-Client/29.8.0 (linux)",
                "Docker-Client/29.4.0 (linux)",
                "Docker-Client/29.4.0-rc.1 (darwin)",
                "Docker-Client/29.10.0 (windows)",
                "Docker-Client/29.5.0+azure-1 (linux)",
                "Docker-Client/29.4.1~debian.13 (linux)",
                "Docker-Client/30.0 (linux)",
                "Docker-Client/100.1.2-dev (freebsd)"
            })
    void hideNamesWithASlash(String agent) {
        assertThat(NameStyle.of(agent)).isEqualTo(NameStyle.AT);
    }

    /**
     * The first five are recorded from Debian's docker CLIs, docker-compose 1.29 and Compose v2.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Docker-Client/20.10.24+dfsg1 (linux)",
                "Docker-Client/26.1.5+dfsg1 (linux)",
                "Docker-Client/28.5.2+dfsg1 (linux)",
                "docker-compose/1.29.2 docker-sdk-python/5.0.3 Linux/6.1.0",
                "compose/2.26.1",
                "Docker-Client/29.3.9 (linux)",
                "Docker-Client/9.40.0 (linux)",
                "Docker-Client/unknown-version (linux)",
                "Docker-Client/ (linux)",
                "Docker-Client/29 (linux)",
                "Docker-Client/29.x.1 (linux)",
                "Docker-Client/99999999999999.4 (linux)",
                "Docker-Client/29.4.0 (linux) compose/2.40.3",
                "x Docker-Client/29.4.0 (linux)",
                "docker-sdk-python/7.1.0",
                "Go-http-client/1.1",
                "Docker-Client",
                ""
            })
    void keepTheFormOfTheFirstSwarm(String agent) {
        assertThat(NameStyle.of(agent)).isEqualTo(NameStyle.SLASH);
    }
}
