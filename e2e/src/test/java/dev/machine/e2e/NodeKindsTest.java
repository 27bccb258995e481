package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every kind of box the README promises becomes a node. */
@Tag("lab")
class NodeKindsTest {
    @RegisterExtension
    static final Nodes NODES =
            Nodes.of("kind-bare", "10.31.0.11")
                    .and("kind-trixie", "10.31.0.12", "--os", "trixie")
                    .and("kind-sysvinit", "10.31.0.13", "--init", "sysvinit")
                    .and("kind-arm", "10.31.0.14", "--arch", "armhf")
                    .and("kind-adopted", "10.31.0.15", "--engine")
                    .and(
                            "kind-sudo",
                            "10.31.0.16",
                            "--engine",
                            "--user",
                            "pi",
                            "--sudo",
                            "password")
                    .and("rack-1-node-4", "192.168.1.4", "--engine");

    private final Machine machine = new Machine();

    @BeforeEach
    void mirror() {
        machine.configure("aiyara:\n  ssh-user: root\n  ssh-key: " + Lab.value("LAB_KEY") + "\n");
        machine.run("create", "-d", "aiyara", "rack-1-node-4").ok();
        Record.assertNode(machine, "rack-1-node-4", "aiyara", "amd64");
        assertThat(machine.run("url", "rack-1-node-4").ok()).isEqualTo("tcp://192.168.1.4:2376");
    }
}
