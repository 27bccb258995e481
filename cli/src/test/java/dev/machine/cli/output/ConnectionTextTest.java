package dev.machine.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectionTextTest {
    private static final Path CERTS = Path.of("/S/certs");
    private static final String URL = "tcp://172.30.0.2:2376";

    @Test
    void printsFlagsWithoutQuotesOneALine() {
        assertThat(ConnectionText.config(CERTS, URL))
                .isEqualTo(
                        "--tlsverify\n--tlscacert=/S/certs/ca.pem\n--tlscert=/S/certs/cert.pem\n"
                                + "--tlskey=/S/certs/key.pem\n-H=tcp://172.30.0.2:2376\n");
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void printsTheLinesOfEveryShell(Shell shell) {
        String set =
                ConnectionText.env(shell, CERTS, URL, "n1", Optional.empty(), "machine env n1");
        String unset = ConnectionText.unset(shell, Optional.empty(), "machine env -u");
        assertThat(set + "\n" + unset).isEqualTo(golden(shell));
    }

    private static String golden(Shell shell) {
        try (var in =
                ConnectionTextTest.class.getResourceAsStream("env-" + shell.name() + ".golden")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://127.0.0.1:3376, 127.0.0.1",
        "tcp://[fd00::4]:2376, fd00::4",
        "tcp://ocean-1.example:2376, ocean-1.example"
    })
    void knowsTheAddressInAUrl(String url, String address) {
        assertThat(ConnectionText.ip(url)).isEqualTo(address);
    }

    @Test
    void quotesAProgramWithABlankInTheHint() {
        assertThat(ConnectionText.commandLine("/my tools/machine", List.of("env", "n1")))
                .isEqualTo("\"/my tools/machine\" env n1");
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/bin/fish, FISH",
        "/bin/zsh, POSIX",
        "/bin/unheard-of, POSIX",
        "/bin/tcsh, TCSH"
    })
    void takesTheShellFromItsPath(String variable, Shell shell) {
        assertThat(Shell.find(Optional.empty(), Optional.of(variable))).contains(shell);
    }

    @Test
    void prefersTheFlagToTheVariable() {
        assertThat(Shell.find(Optional.of("cmd"), Optional.of("/bin/bash"))).contains(Shell.CMD);
    }

    @Test
    void knowsNoShellWhenNobodySaysOne() {
        assertThat(Shell.find(Optional.empty(), Optional.empty())).isEmpty();
    }
}
