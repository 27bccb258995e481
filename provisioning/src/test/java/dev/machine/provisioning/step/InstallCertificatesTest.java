package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CertificatePair;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Certificates are written to the node by the real scripts, and kept while they are right. */
class InstallCertificatesTest extends OnAPlayedNode {
    private static final List<String> NAMES = List.of("127.0.0.1", "rack-1-node-4", "localhost");
    private static final String INSTALL =
            "install a server certificate for 127.0.0.1, rack-1-node-4, localhost";

    private final InstallCertificates step = new InstallCertificates(false);

    @Test
    void writesAPairThatOnlyRootCanReadTheKeyOf() {
        NodeContext context = node.context();

        Change change = step.plan(context);
        assertThat(node.folder.has(EngineFiles.CERTIFICATE)).as("a plan changes nothing").isFalse();
        step.apply(context, change);

        assertThat(change.lines()).containsExactly(INSTALL);
        assertThat(context.restartNeeded()).isTrue();
        assertThat(node.folder.permissions(EngineFiles.KEY)).isEqualTo("r--------");
        assertThat(node.folder.permissions(EngineFiles.CERTIFICATE)).isEqualTo("r--r--r--");
        assertThat(node.folder.permissions(EngineFiles.CA)).isEqualTo("r--r--r--");
        assertThat(node.folder.read(EngineFiles.CA))
                .isEqualTo(context.tools().authority().caCertificate().orElseThrow());
        assertThat(
                        context.tools()
                                .authority()
                                .stillRight(node.folder.read(EngineFiles.CERTIFICATE), NAMES))
                .isTrue();
        assertThat(node.folder.has(EngineFiles.RESTART_PENDING)).isTrue();
        assertThat(node.folder.has(EngineFiles.ORIGINAL)).as("the node before us").isTrue();
    }

    @Test
    void keepsWhatIsRight() {
        install();
        NodeContext context = context();

        assertThat(step.plan(context).isNone()).isTrue();
        assertThat(context.restartNeeded()).isFalse();
    }

    @Test
    void replacesWhatIsRightIfItIsAskedTo() {
        install();
        String first = node.folder.read(EngineFiles.CERTIFICATE);
        InstallCertificates anew = new InstallCertificates(true);
        NodeContext context = context();

        Change change = anew.plan(context);
        anew.apply(context, change);

        assertThat(change.lines()).containsExactly(INSTALL);
        assertThat(node.folder.read(EngineFiles.CERTIFICATE)).isNotEqualTo(first);
    }

    @Test
    void issuesAnotherForANameThatIsNotInIt() {
        install();
        EngineSettings plain = EngineSettings.defaults();
        node.board.record =
                node.board.record.withEngine(
                        new EngineSettings(
                                plain.labels(),
                                plain.registryMirrors(),
                                plain.insecureRegistries(),
                                plain.options(),
                                List.of("pi.example.org"),
                                plain.install(),
                                plain.listen()));

        assertThat(plan()).containsExactly(INSTALL + ", pi.example.org");
    }

    @Test
    void issuesAnotherAMonthBeforeItEnds() {
        install();
        pair(authority(Duration.ofDays(792)));
        assertThat(plan()).isEmpty();

        pair(authority(Duration.ofDays(795)));
        assertThat(plan()).containsExactly(INSTALL);
    }

    @Test
    void issuesAnotherWhereAnotherCaSignedIt() {
        install();
        Authority other =
                new Authority(
                        new Store(folder.resolve("other")),
                        Clock.fixed(FakeBoard.NOW, ZoneOffset.UTC));
        other.ensure();
        pair(other);
        node.folder.remove(EngineFiles.CA);
        node.folder.put(EngineFiles.CA, other.caCertificate().orElseThrow());
        assertThat(plan()).containsExactly(INSTALL);

        install();

        assertThat(plan()).isEmpty();
        assertThat(node.folder.read(EngineFiles.CA))
                .isNotEqualTo(other.caCertificate().orElseThrow());
    }

    @Test
    void issuesAnotherWhereOthersCouldReadTheKey() {
        install();
        String key = node.folder.read(EngineFiles.KEY);
        node.folder.remove(EngineFiles.KEY);
        node.folder.put(EngineFiles.KEY, key, "r--r--r--");

        install();

        assertThat(node.folder.permissions(EngineFiles.KEY)).isEqualTo("r--------");
        assertThat(node.folder.read(EngineFiles.KEY)).isNotEqualTo(key);
    }

    @Test
    void issuesAnotherWhereCertificateAndKeyAreNotOfOnePair() {
        install();
        String certificate = node.folder.read(EngineFiles.CERTIFICATE);
        NodeContext context = context();
        new InstallCertificates(true).apply(context, Change.of("anew"));
        node.folder.remove(EngineFiles.CERTIFICATE);
        node.folder.put(EngineFiles.CERTIFICATE, certificate, "r--r--r--");

        assertThat(plan()).containsExactly(INSTALL);
    }

    @Test
    void writesOnlyTheCaWhereOnlyThatIsMissing() {
        install();
        String key = node.folder.read(EngineFiles.KEY);
        node.folder.remove(EngineFiles.CA);
        NodeContext context = context();

        Change change = step.plan(context);
        step.apply(context, change);

        assertThat(change.lines()).containsExactly("install the CA's certificate");
        assertThat(context.restartNeeded()).isTrue();
        assertThat(node.folder.has(EngineFiles.CA)).isTrue();
        assertThat(node.folder.read(EngineFiles.KEY)).isEqualTo(key);
    }

    @Test
    void goesOnAfterARunThatWasCutShort() {
        node.folder.link(EngineFiles.CERTIFICATE, "/nowhere/server.pem");
        NodeContext context = node.context();
        Change change = step.plan(context);

        assertThatThrownBy(() -> step.apply(context, change))
                .hasMessageStartingWith("the certificates could not be written: cannot write ")
                .hasMessageEndingWith("it is a link to /nowhere/server.pem, which is not there");

        assertThat(node.folder.has(EngineFiles.KEY)).as("what stands before it").isTrue();
        assertThat(node.folder.has(EngineFiles.CA)).isFalse();
        node.folder.remove(EngineFiles.CERTIFICATE);
        assertThat(plan()).containsExactly(INSTALL);
        install();
        assertThat(plan()).isEmpty();
    }

    /** Another run on the same node, after the engine has read everything. */
    private NodeContext context() {
        node.folder.remove(EngineFiles.RESTART_PENDING);
        return node.context();
    }

    private List<String> plan() {
        return step.plan(context()).lines();
    }

    private void install() {
        NodeContext context = context();
        step.apply(context, step.plan(context));
    }

    /** The store's authority as it was some time ago. */
    private Authority authority(Duration ago) {
        return new Authority(
                node.board.store(), Clock.fixed(FakeBoard.NOW.minus(ago), ZoneOffset.UTC));
    }

    /** Puts a pair on the node that this authority issues. */
    private void pair(Authority authority) {
        CertificatePair pair = authority.serverCertificate("rack-1-node-4", NAMES);
        Script script = new Script();
        InstallCertificates.addPair(script, pair);
        assertThat(node.folder.run(script).status()).isZero();
    }
}
