package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Certificates and the CA itself are replaced while a container runs on and the endpoint goes on
 * serving; who has the old ones is let in until the end of the overlap and no longer.
 */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CertificatesTest {
    private static final String NODE = "cert-1";
    private static final String ADDRESS = "10.98.0.11";

    @RegisterExtension static final Nodes NODES = Nodes.of(NODE, ADDRESS, "--engine");

    private static Swarm swarm;
    private static OnNode node;
    private static String container;
    private static String endpoint;

    @BeforeAll
    static void aContainerUnderAnEndpoint() throws Exception {
        swarm = new Swarm();
        swarm.create(List.of(Swarm.server(NODE, ADDRESS)));
        swarm.master(1);
        node = new OnNode(NODE);
        swarm.docker("run -d --name stays debian sleep 100000").ok();
        container = node.container("stays");
        endpoint = endpoint();
    }

    @AfterAll
    static void away() {
        swarm.close();
    }

    @Test
    @Order(1)
    @Tag("quick")
    void newCertificatesRestartTheEngineAndNoContainer() {
        long engine = node.engine();
        String shown =
                "openssl x509 -noout -ext subjectAltName,extendedKeyUsage -in /etc/docker/server.pem";
        String uses = node.sh(shown);
        String key = node.sh("sha256sum /etc/docker/server-key.pem");
        String served = servedKey();

        swarm.user().run("regenerate-certs", "-f", "--client-certs", NODE, "master").exits(0);

        assertThat(node.engine()).isNotEqualTo(engine);
        assertThat(node.sh(shown)).isEqualTo(uses).contains("TLS Web Server Authentication");
        assertThat(node.sh("sha256sum /etc/docker/server-key.pem")).isNotEqualTo(key);
        assertThat(servedKey()).isNotEqualTo(served);
        assertThat(swarm.user().run("certs", "ls", NODE).exits(0).all())
                .containsPattern("engine +20\\d\\d-.* 82\\d");
        assertNothingWasDisturbed();
    }

    @Test
    @Order(2)
    void anotherCaTakesOverWhileBothAreTrusted() {
        swarm.user().shell("cp -r $MACHINE_STORAGE_PATH/certs $HOME/old").ok();
        String authority = node.sh("cat /etc/docker/ca.pem");

        swarm.user().run("certs", "rotate-ca", "-f").exits(0);

        assertThat(node.sh("cat /etc/docker/ca.pem")).startsWith(authority.strip());
        assertThat(swarm.user().run("certs", "ls").ok()).contains("old CA");
        assertNothingWasDisturbed();
        assertThat(ping(ADDRESS + ":2376", "$HOME/old").ok()).isEqualTo("OK");
        assertThat(ping("127.0.0.1:3376", "$HOME/old").ok()).isEqualTo("OK");
    }

    @Test
    @Order(3)
    void afterTheOverlapTheOldCertificatesOpenNothing() {
        swarm.user().run("certs", "rotate-ca", "--finish", "-f").exits(0);

        assertNothingWasDisturbed();
        for (String address : List.of(ADDRESS + ":2376", "127.0.0.1:3376")) {
            assertThat(ping(address, "$HOME/old").status()).as("old, at %s", address).isNotZero();
            assertThat(ping(address, "certs").ok()).as("new, at %s", address).isEqualTo("OK");
        }
        long engine = node.engine();
        swarm.user().run("certs", "rotate-ca", "--finish", "-f").exits(0);
        assertThat(swarm.user().run("provision", NODE).exits(0).err()).contains("(0 changes)");
        assertThat(node.engine()).isEqualTo(engine);
    }

    private static void assertNothingWasDisturbed() {
        assertThat(node.container("stays")).isEqualTo(container).startsWith("true ");
        assertThat(endpoint()).as("the endpoint's process").isEqualTo(endpoint);
        swarm.awaitHealthy(1);
        assertThat(swarm.docker("exec stays echo alive").ok()).isEqualTo("alive");
    }

    private static String endpoint() {
        return swarm.user().shell("cat $MACHINE_STORAGE_PATH/machines/master/endpoint.lock").ok();
    }

    private static String servedKey() {
        return swarm.user()
                .shell(
                        "cd $MACHINE_STORAGE_PATH/certs; openssl s_client -connect 127.0.0.1:3376 -CAfile ca.pem"
                                + " -cert cert.pem -key key.pem </dev/null 2>/dev/null | openssl x509 -noout -pubkey")
                .ok();
    }

    /** A ping by the certificate in a folder, to a server that need only be the store's own. */
    private static Output ping(String address, String folder) {
        return swarm.user()
                .shell(
                        "cd $MACHINE_STORAGE_PATH && curl -sSf -m 5 --cacert certs/ca.pem --cert %2$s/cert.pem --key %2$s/key.pem https://%1$s/_ping"
                                .formatted(address, folder));
    }
}
