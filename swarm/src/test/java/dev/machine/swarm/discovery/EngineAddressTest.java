package dev.machine.swarm.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineAddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1:2376|10.0.0.1|2376",
                "node-1.lan:1|node-1.lan|1",
                "[fd00::4]:2376|fd00::4|2376",
            })
    void readsHostAndPort(String text, String host, int port) {
        assertThat(EngineAddress.parse(text)).isEqualTo(new EngineAddress(host, port));
        assertThat(EngineAddress.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", ":2376", "host:0", "host:65536", "a/b:1", "h:1:2"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> EngineAddress.parse(text))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("is not host:port");
    }

    @Test
    void expandsARangeInTheHost() {
        assertThat(EngineAddress.expand("10.0.0.[9:11]:2376"))
                .extracting(EngineAddress::toString)
                .containsExactly("10.0.0.9:2376", "10.0.0.10:2376", "10.0.0.11:2376");
    }

    @Test
    void expandsARangeInThePort() {
        assertThat(EngineAddress.expand("192.168.1.2:[2:4]375"))
                .extracting(EngineAddress::port)
                .containsExactly(2375, 3375, 4375);
    }

    @Test
    void keepsTheWidthOfARange() {
        assertThat(EngineAddress.expand("node-[09:10]:1"))
                .extracting(EngineAddress::host)
                .containsExactly("node-09", "node-10");
    }

    @Test
    void doesNotTakeAnIpv6AddressForARange() {
        assertThat(EngineAddress.expand("[::1]:2376"))
                .containsExactly(new EngineAddress("::1", 2376));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.[3:2]:1", "10.0.[0:999999]:1", "10.0.0.[a:b]:1", "h-[1:2]"})
    void refusesABadRange(String text) {
        assertThatThrownBy(() -> EngineAddress.expand(text)).isInstanceOf(MachineException.class);
    }
}
