package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class LinearPatternTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(x+x+)+y",
                ".*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*X",
                "(a|a)*b",
                "(.*)*(.*)*(.*)*z",
                "((a*)*)*c"
            })
    void whatBacktrackingNeverEndsIsDecidedAtOnce(String expression) {
        String text = "xxxxaaaa".repeat(500);
        assertThat(LinearPattern.of(expression).found(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{1000}{1000}",
                "(a{1000}){1000}",
                "((a{100}){100}){100}",
                "(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}",
                "[[:alpha:]]{900}[^]a]{900}\\p{Lu}{900}",
                "\\Qab\\E{2000}",
                "(x(y{40}){50}"
            })
    void whatWouldBecomeAHugeProgramIsNotEvenTried(String expression) {
        assertThatThrownBy(() -> LinearPattern.compile(expression))
                .isInstanceOf(LinearPattern.BadPatternException.class)
                .hasMessageMatching("its repetitions make it too large|.*repe.*|.*missing.*");
        assertThat(PatternSize.estimate(expression)).isGreaterThan(LinearPattern.MAX_SIZE);
    }

    @Test
    void nestedAndLongExpressionsHaveALimit() {
        assertThatThrownBy(() -> LinearPattern.compile("a".repeat(1001)))
                .hasMessage("it is longer than 1000 characters");
        assertThat(LinearPattern.of("(".repeat(499) + "a" + ")".repeat(499)).matches("a")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "(?=a)b, invalid or unsupported Perl syntax: (?=",
        "(a)\\1, invalid escape sequence: \\1",
        "a*+, invalid nested repetition operator: *+",
        "[a, missing closing ]: [a",
        "(a, missing closing ): (a"
    })
    void saysWhatItDoesNotKnow(String expression, String reason) {
        assertThatThrownBy(() -> LinearPattern.compile(expression))
                .hasMessageContaining(reason.replace("`", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\",
                "[",
                "[[:alpha:",
                "{",
                "a{",
                "a{1",
                "a{,}",
                ")",
                "\\p{",
                "\\x{",
                "[\\",
                "(?",
                "(?P<",
                "\\Q",
                "[^",
                "[]"
            })
    void brokenOnesAreRefusedOrMeanThemselves(String expression) {
        try {
            LinearPattern.compile(expression).found("text");
        } catch (LinearPattern.BadPatternException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Test
    void findsMatchesAndTakesApart() {
        LinearPattern pattern = LinearPattern.of("([[:alpha:]]+)(:([0-9]{1,5}))?");
        assertThat(pattern.found("--ab--")).isTrue();
        assertThat(pattern.matches("--ab--")).isFalse();
        assertThat(pattern.groups("hub:5000"))
                .isEqualTo(List.of("hub:5000", "hub", ":5000", "5000"));
        assertThat(pattern.groups("hub")).isEqualTo(List.of("hub", "hub", "", ""));
        assertThat(pattern.groups("5")).isNull();
        assertThat(LinearPattern.of(LinearPattern.quote("a.b*")).matches("a.b*")).isTrue();
    }
}
