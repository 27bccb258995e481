package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** What an engine tells between two lists is remembered up to a limit; beyond it a list is made. */
class ChangesTest {
    @Test
    void volumesThatAreMadeWithoutEndAreNotAllRemembered() throws Exception {
        VolumeStore volumes = new VolumeStore();
        for (int i = 0; i < VolumeStore.MAX_CHANGES; i++) {
            assertThat(volumes.created("v" + i)).isTrue();
        }
        assertThat(volumes.created("v1")).isTrue();
        assertThat(volumes.created("one-more")).isFalse();
        assertThat(volumes.has("one-more")).isFalse();
        volumes.listing();
        volumes.listed(new ObjectMapper().readTree("{\"Volumes\":[{\"Name\":\"one-more\"}]}"));
        assertThat(volumes.has("one-more")).isTrue();
        assertThat(volumes.has("v1")).isFalse();
        assertThat(volumes.created("later")).isTrue();
    }

    @Test
    void volumesThatAreRemovedWithoutEndAreNotAllRemembered() {
        VolumeStore volumes = new VolumeStore();
        for (int i = 0; i < VolumeStore.MAX_CHANGES; i++) {
            assertThat(volumes.removed("v" + i)).isTrue();
        }
        assertThat(volumes.removed("one-more")).isFalse();
    }

    @Test
    void containersThatAreRemovedWithoutEndAreNotAllRemembered() {
        ContainerStore containers = new ContainerStore();
        for (int i = 0; i < ContainerStore.MAX_REMOVED; i++) {
            assertThat(containers.remove("c" + i)).isTrue();
        }
        assertThat(containers.remove("c1")).isTrue();
        assertThat(containers.remove("one-more")).isFalse();
        containers.listing();
        assertThat(containers.remove("one-more")).isTrue();
    }
}
