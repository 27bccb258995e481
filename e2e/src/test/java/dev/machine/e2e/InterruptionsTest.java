package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CertificatePair;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.Steps;
import dev.machine.provisioning.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What comes at no boundary of a step: signals at any moment, a node that reboots under us, a
 * certificate of somebody else. {@link FaultMatrixTest} has the boundaries.
 */
@Tag("lab")
class InterruptionsTest {
    private static final Map<String, Integer> SIGNALS =
            Map.of("KILL", 137, "TERM", 143, "INT", 130);
    private static final int SHOTS = 6;

    /** Steps of a node without our key, in a cloud, with a wrong clock, without an engine. */
    private static final Set<String> NOT_HERE =
            Set.of("authorize key", "await cloud-init", "set clock", "install engine");

    private static final Machine USER = new Machine();
    private static final FaultNode NODE =
            new FaultNode(
                    USER, "torn-1", "192.168.22.1", FaultNode.Kind.ENGINE, List.of("--engine"));

    private static final OnNode FILES = new OnNode(NODE.name());

    @RegisterExtension
    static final Nodes NODES = Nodes.of(NODE.name(), NODE.address(), NODE.words());

    @BeforeAll
    static void aMirror() {
        USER.configure("");
    }

    @BeforeEach
    void asNew() {
        NODE.reset();
    }

    @AfterAll
    static void away() {
        USER.close();
    }

    @Test
    void goesOnAfterSignalsAtAnyMoment() throws InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> signals = List.copyOf(SIGNALS.keySet());
        for (int i = 0; i < SHOTS; i++) {
            String signal = signals.get(i % signals.size());
            int after = 200 + random.nextInt(1900);
            String before = FILES.digest();
            try (Running running = NODE.startCreate()) {
                Thread.sleep(Duration.ofMillis(after));
                running.signal(signal);
                Output torn = running.await(Machine.DEADLINE);
                assertThat(torn.status())
                        .as("seed %d, %s after %d ms: %s", seed, signal, after, torn)
                        .isIn(SIGNALS.get(signal), 0, 1);
                assertThat(torn.err()).doesNotContain("\tat ", "an internal error of machine");
                said(signal + " after " + after + " ms", before, torn, "");
                if (torn.status() == 0) {
                    break;
                }
            }
        }
        assertConverges();
    }

    /** Each run goes on where the one before it was stopped. */
    @Test
    void goesOnAfterIntAndTermAtEveryStep() {
        for (Step step : Steps.all()) {
            if (!NOT_HERE.contains(step.id().title())) {
                stoppedBy("INT", Stops.point(step.id().title(), "planned"));
                stoppedBy("TERM", Stops.point(step.id().title(), "applied"));
            }
        }
        assertConverges();
    }

    /** A signal may have come too late to keep the record from being ready. */
    private static void assertConverges() {
        String before = FILES.digest();
        Output last = NODE.provisionOrCreate();
        assertMended("the run after them", before, last, last);
    }

    private static void stoppedBy(String signal, String point) {
        String before = FILES.digest();
        try (Running running = NODE.frozenAt(point)) {
            running.signal(signal);
            running.signal("CONT");
            Output torn = running.await(Machine.DEADLINE).exits(SIGNALS.get(signal));
            assertThat(torn.err()).doesNotContain("\tat ", "an internal error of machine");
            said(signal + " at " + point, before, torn, "");
        }
    }

    @Test
    void goesOnAfterTheNodeHasRebootedUnderIt() {
        Output torn;
        String before = FILES.digest();
        try (Running running = NODE.frozenAt("configure-engine:applied")) {
            Lab.node(NODE.name(), "systemctl --no-block reboot").ok();
            Lab.until(
                    "sshd has let go",
                    Duration.ofSeconds(30),
                    () -> Lab.node(NODE.name(), "ss -Hltn | grep -q :22").status() != 0);
            running.signal("CONT");
            torn = running.await(Machine.DEADLINE).exits(6);
        }
        Lab.until(
                "the node is back",
                Duration.ofSeconds(60),
                () -> Lab.node(NODE.name(), "ss -Hltn | grep -q :22").status() == 0);
        Output again = NODE.provision();
        assertMended("node rebooted", before, torn, again);
    }

    @Test
    void replacesACertificateOfSomebodyElse() {
        NODE.create().ok();
        Lab.node(
                        NODE.name(),
                        "cd /etc/docker && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                                + " -subj /CN=elsewhere -keyout server-key.pem -out server.pem && systemctl restart docker")
                .ok();
        assertReplaced("foreign certificate", "x509: ");
    }

    @Test
    @Tag("quick")
    void replacesAnExpiredCertificate() {
        NODE.create().ok();
        Clock before = Clock.offset(Clock.systemUTC(), Duration.ofDays(-1000));
        CertificatePair expired =
                new Authority(new Store(USER.store()), before)
                        .serverCertificate(NODE.name(), List.of(NODE.address()));
        Lab.node(
                        NODE.name(),
                        "cat >/etc/docker/server.pem <<END\n%sEND\ncat >/etc/docker/server-key.pem <<END\n%sEND\nsystemctl restart docker"
                                .formatted(expired.certificate(), expired.key()))
                .ok();
        assertReplaced("expired certificate", "certificate has expired");
    }

    private static void assertReplaced(String fault, String refusal) {
        String before = FILES.digest();
        Output stranger = USER.docker(NODE.name(), "version");
        assertThat(stranger.status()).isNotZero();
        assertThat(stranger.err()).contains(refusal);
        Output again = NODE.provision();
        USER.docker(NODE.name(), "version").ok();
        assertMended(fault, before, stranger, again);
    }

    private static void assertMended(String fault, String before, Output torn, Output again) {
        said(fault, before, torn, " rerun 0 (%d changes)".formatted(FaultNode.changes(again)));
        NODE.assertSettled();
    }

    /**
     * @param before digest of the node's files
     */
    private static void said(String fault, String before, Output output, String more) {
        System.out.printf(
                "fault: | %s | exit %d | %s |%s | files %s, then %s |%n",
                fault,
                output.status(),
                output.err()
                        .lines()
                        .filter(line -> line.contains(": ") && !line.contains(" | "))
                        .findFirst()
                        .orElse(""),
                more,
                before,
                FILES.digest());
    }
}
