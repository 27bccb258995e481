package dev.machine.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostPortTest {
    @Test
    void onlyAnIpv6AddressStandsInBrackets() {
        assertThat(HostPort.of("192.168.1.4", 2376)).isEqualTo("192.168.1.4:2376");
        assertThat(HostPort.of("node-1.lan", 2376)).isEqualTo("node-1.lan:2376");
        assertThat(HostPort.of("fd00::4", 2376)).isEqualTo("[fd00::4]:2376");
        assertThat(HostPort.host("::1")).isEqualTo("[::1]");
        assertThat(HostPort.host("node-1")).isEqualTo("node-1");
    }
}
