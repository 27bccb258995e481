package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFaultTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{ // mine | maybe a (non-standard) comment?",
                "{'a' | was expecting double-quote to start field name",
                "{ | expected close marker for Object",
                "[1 | expected close marker for Array",
                "{{ | was expecting double-quote to start field name",
            })
    void saysWhatIsWrongWithTheTextAndNothingOfTheLibrary(String text, String part) {
        JsonProcessingException fault =
                catchThrowableOfType(
                        JsonProcessingException.class, () -> new ObjectMapper().readTree(text));

        assertThat(JsonFault.words(fault))
                .contains(part)
                .doesNotContain("Source", "Feature", "REDACTED", "marker at")
                .doesNotEndWith(" ");
    }
}
