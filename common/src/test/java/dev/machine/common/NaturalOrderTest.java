package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
    @Test
    void countsAsAPersonDoes() {
        List<String> expected =
                List.of(
                        "a",
                        "a-1",
                        "a-01b",
                        "a-1c",
                        "a-2",
                        "a-9",
                        "a-09-1",
                        "a-10",
                        "a-99999999999999999999",
                        "a-100000000000000000000",
                        "b");
        List<String> mixed = new ArrayList<>(expected);
        Collections.shuffle(mixed, new Random(4));
        mixed.sort(NaturalOrder.INSTANCE);
        assertThat(mixed).isEqualTo(expected);
    }

    @Test
    void tellsNamesApartThatDifferInZerosOnly() {
        assertThat(NaturalOrder.INSTANCE.compare("a-1", "a-01")).isPositive();
        assertThat(NaturalOrder.INSTANCE.compare("a-01", "a-1")).isNegative();
        assertThat(NaturalOrder.INSTANCE.compare("a-1", "a-1")).isZero();
    }
}
