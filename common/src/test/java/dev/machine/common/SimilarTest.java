package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SimilarTest {
    private static final List<String> KNOWN = List.of("create", "status", "stop", "start");

    @Test
    void findsTheWordWithTheFewestChangedLetters() {
        assertThat(Similar.closest("craete", KNOWN)).contains("create");
        assertThat(Similar.closest("statu", KNOWN)).contains("status");
        assertThat(Similar.closest("sttop", KNOWN)).contains("stop");
    }

    @Test
    void findsNothingWhenMoreThanAThirdIsChanged() {
        assertThat(Similar.closest("crxxxe", KNOWN)).isEmpty();
        assertThat(Similar.closest("provision", KNOWN)).isEmpty();
        assertThat(Similar.closest("create", List.of())).isEmpty();
    }
}
