package dev.machine.swarm.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusKeyTest {
    @ParameterizedTest
    @EnumSource(StatusKey.class)
    void aDetailIsReadAsItIsWritten(StatusKey key) {
        assertThat(StatusKey.detail(key.line())).contains(key);
        assertThat(StatusKey.node(key.line())).isEmpty();
    }

    @Test
    void aNodeIsReadAsItIsWritten() {
        assertThat(StatusKey.node(StatusKey.line("rack-1"))).contains("rack-1");
        assertThat(StatusKey.detail(StatusKey.line("rack-1"))).isEmpty();
        assertThat(StatusKey.node("Nodes")).isEmpty();
        assertThat(StatusKey.detail("  └ New")).isEmpty();
    }
}
