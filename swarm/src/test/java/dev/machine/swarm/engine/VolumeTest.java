package dev.machine.swarm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which volumes have the same content on every node, and which may still be moved. */
class VolumeTest {
    private static Volume volume(String fields) throws IOException {
        return Volume.of(new ObjectMapper().readTree("{\"Name\":\"data\"," + fields + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"Driver\":\"netshare\",\"Scope\":\"global\"",
                "\"Driver\":\"local\",\"Labels\":{\"machine.volume.shared\":\"true\"}",
                "\"Driver\":\"local\",\"Options\":{\"type\":\"nfs\",\"device\":\":/srv\"}",
                "\"Driver\":\"local\",\"Options\":{\"type\":\"nfs4\"}",
                "\"Driver\":\"local\",\"Options\":{\"type\":\"cifs\",\"device\":\"//a/b\"}",
                "\"Driver\":\"local\",\"Options\":{\"type\":\"glusterfs\",\"o\":\"rw,addr=10.0.0.1\"}"
            })
    void everyNodeSeesTheSameContent(String fields) throws IOException {
        assertThat(volume(fields).shared()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"Driver\":\"local\",\"Scope\":\"local\",\"Labels\":null,\"Options\":null",
                "\"Driver\":\"local\",\"Labels\":{\"machine.volume.shared\":\"false\"}",
                "\"Driver\":\"local\",\"Options\":{\"type\":\"tmpfs\",\"o\":\"size=1m,myaddr=1\"}",
                "\"Driver\":\"local\",\"Options\":{\"type\":\"none\",\"device\":\"/srv\",\"o\":\"bind\"}",
                "\"Driver\":\"zfs\",\"Options\":{\"type\":\"nfs\"}"
            })
    void onlyOneNodeHasTheContent(String fields) throws IOException {
        assertThat(volume(fields).shared()).isFalse();
    }

    @Test
    void aSharedVolumeNeverMoves() throws IOException {
        String label = "\"com.docker.swarm.volume.unplaced\":\"true\"";
        assertThat(volume("\"Labels\":{" + label + "}").unplaced()).isTrue();
        assertThat(
                        volume("\"Labels\":{" + label + ",\"machine.volume.shared\":\"true\"}")
                                .unplaced())
                .isFalse();
        assertThat(volume("\"Labels\":{}").unplaced()).isFalse();
    }
}
