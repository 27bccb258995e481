package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.cert.Authority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertsCommandsTest {
    private static final int VALID = 825;

    @TempDir Path base;
    private Desk desk;

    @BeforeEach
    void sitDown() {
        desk = new Desk(base);
        desk.machine("m1", "tcp://127.0.0.1:3376", true);
    }

    /** As if everything had been made some days ago. */
    private void made(int days) {
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(-days));
        Authority authority = new Authority(desk.store, clock);
        authority.ensure();
        authority.endpointCertificates("m1", desk.store.machine("m1"), Set.of("127.0.0.1"));
    }

    @Test
    void listsWhatEndsWhenAndSaysNothingMoreWhileThereIsTime() {
        made(1);
        assertThat(desk.type("certs ls")).isZero();
        assertThat(desk.answer().lines().map(line -> line.replaceAll(" {2,}.*", "")))
                .containsExactly("NAME", "-", "-", "m1", "m1");
        assertThat(desk.answer()).contains("CA", "user", "endpoint at engines", " 822");
        assertThat(desk.told()).isEmpty();
    }

    @Test
    void warnsFromAMonthBefore() {
        made(VALID - 26);
        assertThat(desk.type("certs ls m1")).isZero();
        assertThat(desk.told())
                .contains("the certificate of m1 ends in 24 days: machine regenerate-certs m1");
        desk.console = new TestConsole();
        made(0);
        desk.type("certs ls --format {{.Use}}:{{.Days}}");
        assertThat(desk.answer()).contains("endpoint:823", "user:823");
    }

    @Test
    void saysOfAnEngineThatDoesNotAnswerThatItDoesNot() {
        made(0);
        desk.machine("n1", "tcp://127.0.0.1:1", false);
        assertThat(desk.type("certs ls -o json n1")).isZero();
        assertThat(desk.answer()).contains("\"expires\": null", "refused");
    }

    @Test
    void theAnswerLeavesThePasswordBehindItOnStandardInput() {
        desk.console.typing("y\nsecret\n");
        assertThat(desk.type("regenerate-certs --ssh-passwd-stdin m1")).isZero();
        assertThat(desk.machines.passwords).containsExactly("secret");
    }

    @Test
    void asksBeforeItReplacesCertificates() {
        desk.console.typing("n\n");
        assertThat(desk.type("regenerate-certs m1")).isEqualTo(1);
        assertThat(desk.told()).contains("Regenerate TLS machine certs?", "(y/n): ");
        assertThat(desk.machines.calls).isEmpty();
        desk.console = new TestConsole().typing("y\n");
        assertThat(desk.type("regenerate-certs m1")).isZero();
        assertThat(desk.type("certs rotate -f m1")).isZero();
        assertThat(desk.machines.calls)
                .containsExactly("regenerate-certs m1", "regenerate-certs m1");
        assertThat(desk.type("regenerate-certs -f m1 nosuch")).isEqualTo(5);
        assertThat(desk.machines.calls).hasSize(2);
    }

    @Test
    void replacesTheCaOnlyWhereEveryMachineKnowsTheNextOne() {
        made(0);
        desk.machine("n1", "tcp://127.0.0.1:1", false);
        desk.machine("n2", "tcp://127.0.0.1:1", false);
        desk.machines.unreachable.add("n2");
        assertThat(desk.type("certs rotate-ca -f")).isEqualTo(4);
        assertThat(desk.told()).contains("n2 | no route to n2", "the old CA stays until every");
        desk.type("certs ls --format {{.Use}}");
        assertThat(desk.answer()).contains("CA\nnext CA\nuser\n");

        desk.console = new TestConsole();
        assertThat(desk.type("certs rotate-ca --finish -f")).isEqualTo(1);
        assertThat(desk.told()).contains("first: machine certs rotate-ca");

        desk.console = new TestConsole();
        assertThat(desk.type("certs rotate-ca -f --without n2")).isZero();
        assertThat(desk.told()).contains("the old CA is still trusted");
        desk.type("certs ls --format {{.Use}}");
        assertThat(desk.answer()).contains("CA\nold CA\nuser\n");
        desk.machines.calls.clear();

        assertThat(desk.type("certs rotate-ca --finish -f")).isEqualTo(4);
        desk.machines.unreachable.clear();
        assertThat(desk.type("certs rotate-ca --finish -f")).isZero();
        desk.console = new TestConsole();
        desk.type("certs ls --format {{.Use}}");
        assertThat(desk.answer()).contains("CA\nuser\n").doesNotContain("old CA");
        assertThat(desk.machines.calls).contains("follow-ca m1", "follow-ca n1", "follow-ca n2");
    }

    @Test
    void theUserGetsANewCertificateAlone() throws Exception {
        made(0);
        Path file = desk.store.certs().resolve("cert.pem");
        String before = Files.readString(file);
        assertThat(desk.type("regenerate-certs -f --client-certs")).isZero();
        assertThat(Files.readString(file)).isNotEqualTo(before);
        assertThat(desk.machines.calls).isEmpty();
    }
}
