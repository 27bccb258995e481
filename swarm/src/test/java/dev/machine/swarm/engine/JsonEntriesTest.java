package dev.machine.swarm.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonEntriesTest {
    private static List<String> all(JsonEntries entries) throws IOException {
        List<String> all = new ArrayList<>();
        for (byte[] entry = entries.next(); entry != null; entry = entries.next()) {
            all.add(new String(entry, UTF_8));
        }
        return all;
    }

    private static JsonEntries list(String text) {
        return JsonEntries.list(new ByteArrayInputStream(text.getBytes(UTF_8)), 1 << 20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|[]",
                "null|[]",
                " [ ] |[]",
                "[{}]|[{}]",
                "[ {\"a\":[1,{}]} ,\t{\"b\":\"}]\\\"\"}]|[{\"a\":[1,{}]}, {\"b\":\"}]\\\"\"}]",
                "[1,\"a,b\",true]|[1, \"a,b\", true]",
                "[[1],[2]]|[[1], [2]]"
            })
    void takesAListApart(String text, String entries) throws IOException {
        assertThat(all(list(text))).hasToString(entries);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[{}", "[{}, ", "[\"a", "{}", "[{\"a\":", "<html>", "1"})
    void whatBreaksOffOrIsNoListIsAnError(String text) {
        assertThatThrownBy(() -> all(list(text))).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "]", "{} , {}", "\u0000\u0001"})
    void aStreamOfSomethingElseEnds(String text) {
        JsonEntries stream = JsonEntries.stream(new ByteArrayInputStream(text.getBytes(UTF_8)));
        assertThatThrownBy(() -> all(stream)).isInstanceOf(IOException.class);
    }

    @Test
    void aStreamIsTakenApartWhateverIsBetween() throws IOException {
        JsonEntries stream =
                JsonEntries.stream(
                        new ByteArrayInputStream("{}{\"a\":1}\r\n  {} ".getBytes(UTF_8)));
        assertThat(all(stream)).containsExactly("{}", "{\"a\":1}", "{}");
    }

    @Test
    void aListHasALimitHoweverShortItsEntriesAre() {
        InputStream endless =
                new InputStream() {
                    private boolean begun;

                    @Override
                    public int read() {
                        throw new IllegalStateException("reads a buffer at a time");
                    }

                    @Override
                    public int read(byte[] b, int off, int len) {
                        for (int i = 0; i < len; i++) {
                            b[off + i] = (byte) "{},".charAt(i % 3);
                        }
                        if (!begun) {
                            b[off] = '[';
                            b[off + 1] = ' ';
                        }
                        begun = true;
                        return len / 3 * 3;
                    }
                };
        JsonEntries entries = JsonEntries.list(endless, 4 << 20);
        assertThatThrownBy(
                        () -> {
                            while (entries.next() != null) {}
                        })
                .isInstanceOf(TooLongException.class)
                .hasMessage("the engine's list is longer than 4 MiB");
    }

    @Test
    void allListsTogetherHaveALimitAndARefusedOneGivesItsRoomBack() throws IOException {
        ListMemory room = new ListMemory();
        byte[] entry = new byte[1 << 20];
        ListMemory.Share first = room.share(1);
        ListMemory.Share second = room.share(1);
        try (ListMemory.Reading reading = first.read()) {
            for (int i = 0; i < 60; i++) {
                reading.add(entry);
            }
            reading.keep();
        }
        for (int times = 0; times < 3; times++) {
            try (ListMemory.Reading reading = second.read()) {
                assertThatThrownBy(
                                () -> {
                                    for (int i = 0; i < 60; i++) {
                                        reading.add(entry);
                                    }
                                })
                        .isInstanceOf(TooLongException.class);
            }
            // The list that is there may be read again beside the one that is kept.
            try (ListMemory.Reading reading = first.read()) {
                for (int i = 0; i < 60; i++) {
                    reading.add(entry);
                }
                reading.keep();
            }
        }
        first.drop();
        try (ListMemory.Reading reading = second.read()) {
            for (int i = 0; i < 60; i++) {
                reading.add(entry);
            }
        }
    }
}
