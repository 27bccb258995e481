package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user types reaches the node as data: the canary never appears, neither there nor here. */
@Tag("lab")
class MetacharactersTest {
    private static final String NODE = "quote-node";
    private static final String ADDRESS = "10.34.0.11";
    private static final String CANARY = "/tmp/machine-canary-10340";
    private static final String EVIL =
            "a b  c; touch %1$s & $(touch %1$s) `touch %1$s` | \"q\" 'touch %1$s' $HOME \\ * ? ~ # ! {a,b} >%1$s %%s ü"
                    .formatted(CANARY);

    private static final String LINES = "lines=one\ntouch " + CANARY + "\nEND\nthree";

    @RegisterExtension static final Nodes NODES = Nodes.of(NODE, ADDRESS, "--engine");

    private final Machine machine = new Machine();

    @BeforeEach
    void mirror() {
        machine.configure("");
    }

    @AfterEach
    void noCanary() {
        machine.close();
        for (Path canary :
                new Path[] {Path.of(CANARY), Lab.ROOT.resolve(CANARY.replace('/', '_'))}) {
            assertThat(Files.exists(canary)).as("on this side: " + canary).isFalse();
        }
        assertThat(new OnNode(NODE).sh("ls " + CANARY + "* 2>/dev/null || true"))
                .as("on the node")
                .isEmpty();
    }

    @Test
    void keepsLabelsOptionsAndKeyPathsLiteral() throws IOException {
        Path key = machine.home().resolve("my $(touch " + CANARY.replace('/', '_') + ") 'key';&");
        Files.copy(Path.of(Lab.value("LAB_KEY")), key);
        machine.run(
                        "create",
                        "-d",
                        "generic",
                        "--generic-ip-address",
                        ADDRESS,
                        "--generic-ssh-key",
                        key.toString(),
                        "--engine-label",
                        "note=" + EVIL,
                        "--engine-label",
                        LINES,
                        "--engine-opt",
                        "log-opts=tag=" + EVIL.replace(",", ";"),
                        NODE)
                .ok();

        assertThat(Record.info(machine, NODE).path("Labels"))
                .anyMatch(label -> label.asText().equals(LINES));
        assertThat(Record.info(machine, NODE).path("Labels"))
                .anyMatch(label -> label.asText().equals("note=" + EVIL));
        assertThat(
                        Record.parse(new OnNode(NODE).sh("cat /etc/docker/daemon.json"))
                                .path("log-opts")
                                .path("tag")
                                .asText())
                .isEqualTo(EVIL.replace(",", ";"));
        assertThat(machine.run("provision", NODE).exits(0).err()).contains("(0 changes)");
        assertThat(machine.run("ssh", NODE, "printf '%s' '$HOME;'").ok()).isEqualTo("$HOME;");
    }

    @Test
    void letsTheEngineRefuseAMirrorAndPutsItsConfigurationBack() {
        Output made =
                machine.create(
                        NODE,
                        ADDRESS,
                        "--engine-registry-mirror",
                        "http://10.99.0.1:5000/$(touch " + CANARY + ")");
        // A mirror has no path (dockerd's own rule), so the engine refuses it, in its own words.
        assertThat(made.exits(1).err()).contains("invalid mirror", "the old one was put back");
        assertThat(new OnNode(NODE).sh("systemctl is-active docker")).isEqualTo("active");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a;touch " + CANARY,
                "$(touch " + CANARY + ")",
                "`touch " + CANARY + "`",
                "../../tmp/machine-canary-10340",
                "a/b",
                "-x",
                "a\nb",
                ""
            })
    void refusesANameThatIsNone(String name) {
        Output made = machine.create(name, ADDRESS);
        assertThat(made.status()).as(made.toString()).isBetween(1, 5);
        assertThat(made.err()).isNotBlank().doesNotContain("\tat ");
        assertThat(Files.exists(machine.store().resolve("machines"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-oProxyCommand=touch${IFS}" + CANARY,
                "$(touch${IFS}" + CANARY + ")",
                "root;touch${IFS}" + CANARY
            })
    void givesAUserNameToNoShell(String user) {
        Output made = machine.create(NODE, ADDRESS, "--generic-ssh-user", user);
        assertThat(made.status()).as(made.toString()).isIn(2, 3, 6);
        assertThat(made.err()).isNotBlank().doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"$(touch " + CANARY + ")", "10.34.0.11;touch " + CANARY, "-oProxyCommand=x"})
    void refusesAnAddressThatIsNone(String address) {
        Output made = machine.create(NODE, address);
        assertThat(made.status()).as(made.toString()).isIn(2, 3, 6);
        assertThat(made.err()).isNotBlank().doesNotContain("\tat ");
    }
}
