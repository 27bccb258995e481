package dev.machine.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "192.168.1.255",
                "::1",
                "fd00::12:3",
                "::ffff:10.0.0.1",
                "localhost",
                "node-1.rack.example",
                "my_node",
                "1node",
            })
    void takesWhatMayBeAnAddress(String address) {
        assertThat(Addresses.problem(address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "192.168.1.256",
                "192.168.1",
                "192.168.1.1.1",
                "192.168.01.1",
                "1",
                "...",
                ":",
                "1::2::3",
                "[::1]",
                "fe80::1%eth0",
                "12345::",
                "a b",
                "a/b",
                "-a",
                "a-",
                "a..b",
                "a;reboot",
                "$(id)",
                "a\nb",
                "tcp://a",
                "ä",
            })
    void refusesWhatIsNone(String address) {
        assertThat(Addresses.problem(address)).isPresent();
    }

    @Test
    void tellsAddressesFromNames() {
        assertThat(Addresses.isIp("10.0.0.1")).isTrue();
        assertThat(Addresses.isIp("::1")).isTrue();
        assertThat(Addresses.isIp("10.0.0.999")).isFalse();
        assertThat(Addresses.isIp("node")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://10.0.0.1:2376, 10.0.0.1, 2376, tcp://10.0.0.1:2376",
        "tcp://node.example:1/, node.example, 1, tcp://node.example:1",
        "tcp://[::1]:65535, ::1, 65535, tcp://[::1]:65535",
    })
    void readsAUrl(String text, String address, int port, String plain) {
        EngineUrl url = EngineUrl.parse(text);
        assertThat(url).isEqualTo(new EngineUrl(address, port)).hasToString(plain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.1:2376",
                "unix:///var/run/docker.sock",
                "http://10.0.0.1:2376",
                "tcp://10.0.0.1",
                "tcp://10.0.0.1:0",
                "tcp://10.0.0.1:65536",
                "tcp://10.0.0.1:2376/path",
                "tcp://10.0.0.1:2376?x",
                "tcp://user@10.0.0.1:2376",
                "tcp://::1:2376",
                "tcp://[10.0.0.1:2376",
                "tcp://:2376",
                "tcp://10.0.0.1:99999999999999999999",
                "tcp://10.0.0.1:23 76",
            })
    void refusesAWrongUrl(String text) {
        assertThat(EngineUrl.problem(text)).isPresent();
        assertThatThrownBy(() -> EngineUrl.parse(text))
                .hasMessage(EngineUrl.problem(text).orElseThrow());
    }
}
