package dev.machine.swarm.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "1023,1023 B",
        "1024,1 KiB",
        "539493990,514.5 MiB",
        "2221571932,2.069 GiB",
        "26542080000,24.72 GiB",
        "1073741824,1 GiB"
    })
    void showsBytesWithFourDigits(long bytes, String text) {
        assertThat(Sizes.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "500000000,0.5", "2000000000,2", "10000000000,10", "1250000000,1.25"})
    void showsCpusWithoutTrailingZeros(long nanoCpus, String text) {
        assertThat(Sizes.cpus(nanoCpus)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "20,21", "1073741824,1127428915"})
    void addsATwentiethInWholeNumbers(long amount, long expected) {
        assertThat(Sizes.withOvercommit(amount, 0.05)).isEqualTo(expected);
    }
}
