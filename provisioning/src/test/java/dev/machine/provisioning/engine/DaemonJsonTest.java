package dev.machine.provisioning.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.provisioning.facts.Facts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Verdicts are those of dockerd 26.1 (--validate); e2e's OwnerFilesTest asks it. */
class DaemonJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\t ", "null", "\u00a0\n", " null \n", "{}", "\u2003{ }\u0085"})
    void nothingIsAnEmptyConfiguration(String text) throws Exception {
        assertThat(DaemonJson.read(text)).hasValueSatisfying(it -> assertThat(it).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "{'a':1,'a':2} ! {'a':2}",
                "{'debug':true,'debug':null} ! {'debug':true}",
                "{'labels':['a=1'],'labels':['b=2']} ! {'labels':['b=2']}",
                "{'labels':['a=1'],'labels':null} ! {'labels':null}",
                "{'log-opts':{'a':'1','b':'2'},'log-opts':{'b':'3'}} ! {'log-opts':{'a':'1','b':'3'}}",
                "{'builder':{'gc':{'enabled':true}},'builder':{'gc':{'defaultKeepStorage':'9GB'}}} ! {'builder':{'gc':{'enabled':true,'defaultKeepStorage':'9GB'}}}",
                "{'Debug':true,'debug':false} ! {'Debug':true,'debug':false}",
            })
    void aKeyThatStandsTwiceIsWhatGoMakesOfIt(String text, String meant) throws Exception {
        assertThat(DaemonJson.read(text.replace('\'', '"')).orElseThrow())
                .isEqualTo(JSON.readTree(meant.replace('\'', '"')));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{} {}",
                "{\"a\":1}\n{\"b\":2}",
                "{}null",
                "{\"a\":1,}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{\"a\":1e400}",
                "{\"a\":1e999999999999999}",
                "{\"a\":1e-999999999999999}",
                "{\"a\":1} // why",
                "/* why */ {}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x41\"}",
                "{a:1}",
                "{",
                "tru",
                "\ufeff\ufeff{}"
            })
    void refusesWhatAnEngineRefusesOrWouldDrop(String text) {
        assertThatThrownBy(() -> DaemonJson.read(text)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void saysThatMoreFollowsAndWhere() {
        assertThatThrownBy(
                        () ->
                                DaemonConfig.parse(
                                        java.util.Optional.of("\n{\"a\":1}\n{\"b\":2}\n"), "FILE"))
                .hasMessageContaining(
                        "FILE cannot be merged: line 3: more follows the first JSON value")
                .hasMessageContaining("join them");
    }

    @Test
    void keepsNumbersAsTheyAre() throws Exception {
        String text = "{\"a\":1.50,\"b\":1e3,\"c\":123456789012345678901234567890,\"d\":7}";
        assertThat(JSON.readTree(DaemonConfig.text(DaemonJson.read(text).orElseThrow())).toString())
                .isEqualTo(JSON.readTree(text).toString());
    }

    @Test
    void aByteOrderMarkSaysHowTheFileIsWritten() throws Exception {
        String text = "{\"labels\":[\"ort=Köln\"]}";
        for (byte[] file :
                List.of(
                        ("\ufeff" + text).getBytes(StandardCharsets.UTF_8),
                        ("\ufeff" + text).getBytes(StandardCharsets.UTF_16LE),
                        ("\ufeff" + text).getBytes(StandardCharsets.UTF_16BE),
                        text.getBytes(StandardCharsets.UTF_8))) {
            assertThat(DaemonJson.read(Facts.decoded(file)).orElseThrow())
                    .isEqualTo(JSON.readTree(text));
        }
        assertThat(Facts.decoded(new byte[0])).isEmpty();
    }

    @Test
    void aNullListIsNone() {
        assertThat(
                        DaemonConfig.changedKeys(
                                java.util.Optional.of("{\"labels\":null}"),
                                java.util.Optional.of("{\"labels\":null}")))
                .isEmpty();
    }
}
