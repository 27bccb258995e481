package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
    @ParameterizedTest
    @CsvSource({
        "'\u001b[2J', \\x1b[2J",
        "a\u0007b, a\\x07b",
        "'\u009b31m', \\x9b31m",
        "'\u007f', \\x7f",
        "a\u202eb, a\\u202eb",
        "\u2066x\u2069, \\u2066x\\u2069",
        "a\u2028b, a\\u2028b",
        "'\ufeffx', \\ufeffx"
    })
    void showsWhatATerminalWouldObey(String hostile, String shown) {
        assertThat(Printable.line(hostile)).isEqualTo(shown);
        assertThat(Printable.lines(hostile)).isEqualTo(shown);
    }

    @Test
    void oneLineStaysOneLine() {
        assertThat(Printable.line("v1\r\nm2\tReady\u0085")).isEqualTo("v1\\r\\nm2\\tReady\\x85");
        assertThat(Printable.lines("one\ntwo\rthree")).isEqualTo("one\ntwo\\rthree");
    }

    @Test
    void namesALanguageTagAndAHalfOfACharacter() {
        assertThat(Printable.line("a\udb40\udc41\ud800")).isEqualTo("a\\U000e0041\\ud800");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain ~ text", "Jörg's Knöten", "日本", "👩\u200d🔧", "عربي"})
    void leavesOrdinaryTextAsItIs(String text) {
        assertThat(Printable.line(text)).isSameAs(text);
        assertThat(Printable.json(text)).isSameAs(text);
    }

    @Test
    void jsonKeepsItsValuesAndItsLayout() {
        assertThat(Printable.json("{\n\t\"a\": \"👍\u009b\u202e\udb40\udc41\"\r\n}"))
                .isEqualTo("{\n\t\"a\": \"👍\\u009b\\u202e\\udb40\\udc41\"\r\n}");
    }
}
