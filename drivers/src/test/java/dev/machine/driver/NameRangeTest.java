package dev.machine.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameRangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rack-1-node-[11:13] | rack-1-node-11 rack-1-node-12 rack-1-node-13",
                "n[9:11] | n9 n10 n11",
                "n[09:11] | n09 n10 n11",
                "n[098:101]x | n098x n099x n100x n101x",
                "n[0:2] | n0 n1 n2",
                "n[7:7] | n7",
                "r[1:2]-n[1:2] | r1-n1 r1-n2 r2-n1 r2-n2",
                "plain | plain",
                "192.168.1.[11:12] | 192.168.1.11 192.168.1.12",
            })
    void expands(String pattern, String expected) {
        assertThat(NameRange.expand(pattern)).containsExactly(expected.split(" "));
    }

    @Test
    void stopsAtAThousand() {
        assertThat(NameRange.expand("n[1:1024]")).hasSize(1024);
        assertThatThrownBy(() -> NameRange.expand("n[1:1025]")).hasMessageContaining("1024");
        assertThatThrownBy(() -> NameRange.expand("n[1:40]-[1:40]")).hasMessageContaining("1024");
        assertThatThrownBy(() -> NameRange.expand("n[0:999999999]")).hasMessageContaining("1024");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n[3:1]",
                "n[1:2",
                "n1:2]",
                "n[1]",
                "n[:]",
                "n[a:b]",
                "n[-1:2]",
                "n[1:2][",
                "n[1-3]",
                "n[1:9999999999]",
                "n[[1:2]]",
                "n[1:2:3]",
            })
    void refusesAWrongRangeAsWrongUsage(String pattern) {
        assertThatThrownBy(() -> NameRange.expand(pattern))
                .hasMessageStartingWith("wrong range in \"" + pattern + "\": ")
                .asInstanceOf(type(MachineException.class))
                .extracting(MachineException::exitCode)
                .isEqualTo(ExitCode.USAGE);
    }
}
