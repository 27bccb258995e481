package dev.machine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {
    private static final String HOSTILE =
            "%n$PATH${HOME}\"'\\`;&|<>(){}[]*?~#!\n\r\t\u000b\u0001\u007f\u0085\u2028\u2029 \ufeff ä😀 - : @";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "a b | \"a b\"",
                "100% | \"100%%\"",
                "$HOME | \"$$HOME\"",
                "${HOME} | \"$${HOME}\"",
                "say \"x\" | \"say \\\"x\\\"\"",
                "a\\nb | \"a\\\\nb\"",
                "; | \";\"",
                "'x' | \"'x'\"",
            })
    void quotesForSystemd(String value, String expected) {
        assertThat(Format.SYSTEMD.quote("x", value)).isEqualTo(expected);
    }

    @Test
    void writesControlCharactersAsEscapesSoThatAUnitStaysOneLine() {
        assertThat(Format.SYSTEMD.quote("x", "a\nb\tc\u007f")).isEqualTo("\"a\\x0ab\\x09c\\x7f\"");
        assertThat(Format.SYSTEMD.quote("x", HOSTILE)).doesNotContain("\n", "\r");
    }

    @Test
    void refusesNulWhereItCannotBeWritten() {
        assertThatThrownBy(() -> Format.SYSTEMD.quote("x", "a\0b"))
                .isInstanceOf(MachineException.class);
        assertThatThrownBy(() -> Format.SH.quote("x", "a\0b")).isInstanceOf(MachineException.class);
    }

    @Test
    void isReadBackBySystemdsRulesAsItWas() {
        long seed = 20;
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            String value = random(random);
            assertThat(readLikeSystemd(Format.SYSTEMD.quote("x", value)))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(value);
        }
    }

    private static String random(Random random) {
        StringBuilder text = new StringBuilder();
        int[] alphabet = HOSTILE.codePoints().toArray();
        int length = random.nextInt(40);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
        }
        return text.toString();
    }

    /** The rules of systemd.syntax(7) and systemd.service(5), read once more, the other way. */
    private static String readLikeSystemd(String quoted) {
        assertThat(quoted).startsWith("\"").endsWith("\"");
        StringBuilder text = new StringBuilder();
        String inner = quoted.substring(1, quoted.length() - 1);
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            switch (c) {
                case '\\' -> {
                    char next = inner.charAt(++i);
                    if (next == 'x') {
                        text.append((char) Integer.parseInt(inner.substring(i + 1, i + 3), 16));
                        i += 2;
                    } else {
                        assertThat(next).isIn('"', '\\');
                        text.append(next);
                    }
                }
                case '%', '$' -> {
                    assertThat(inner.charAt(++i)).isEqualTo(c);
                    text.append(c);
                }
                default -> {
                    assertThat(c).isNotEqualTo('"');
                    text.append(c);
                }
            }
        }
        return text.toString();
    }

    @Test
    void isReadBackByAYamlParserAsItWas() throws Exception {
        // JSON's strings are YAML's double-quoted scalars, so a JSON parser may judge.
        var json = new com.fasterxml.jackson.databind.ObjectMapper();
        for (String value :
                new String[] {HOSTILE, "", "yes", "1", "null", "a: b", "- x", "\0", "\u009f"}) {
            String quoted = Format.YAML.quote("x", value);
            assertThat(json.readValue(quoted, String.class)).isEqualTo(value);
            assertThat(quoted).doesNotContain("\n", "\r", "\u0085", "\u2028", "\u2029");
        }
    }
}
