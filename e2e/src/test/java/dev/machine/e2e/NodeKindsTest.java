package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every kind of box the README promises becomes a node; each has a user of its own, so they go side
 * by side.
 */
@Tag("lab")
@Execution(ExecutionMode.CONCURRENT)
class NodeKindsTest {
    @RegisterExtension
    static final Nodes NODES =
            Nodes.of("kind-bare", "10.31.0.11")
                    .and("kind-trixie", "10.31.0.12", "--os", "trixie")
                    .and("kind-sysvinit", "10.31.0.13", "--init", "sysvinit")
                    .and("kind-arm", "10.31.0.14", "--arch", "armhf")
                    .and("kind-refused", "10.31.0.17")
                    .and("kind-adopted", "10.31.0.15", "--engine")
                    .and(
                            "kind-sudo",
                            "10.31.0.16",
                            "--engine",
                            "--user",
                            "pi",
                            "--sudo",
                            "password")
                    .and("rack-2-node-4", "192.168.2.4", "--engine");

    @AutoClose private final Machine machine = Machine.mirrored();

    private void runsAContainer(String name, String image, String machineType) {
        assertThat(machine.docker(name, "run --rm " + image + " uname -m").ok())
                .isEqualTo(machineType);
    }

    @Test
    @Tag("quick")
    void makesABareDebian12WithSystemdANode() {
        assertThat(new OnNode("kind-bare").sh("command -v dockerd || echo none")).isEqualTo("none");
        machine.create("kind-bare", "10.31.0.11").ok();
        JsonNode info = Record.assertNode(machine, "kind-bare", "generic", "amd64");
        assertThat(info.path("ServerVersion").asText()).startsWith("20.10.");
        assertThat(info.path("LiveRestoreEnabled").asBoolean()).isTrue();
        assertThat(
                        new OnNode("kind-bare")
                                .sh("journalctl -u docker -o cat | grep -c 'msg=.Starting up'"))
                .as("starts of the engine")
                .isEqualTo("1");
        runsAContainer("kind-bare", "debian", "x86_64");
        assertThat(machine.run("ls").ok())
                .containsPattern("kind-bare +-? *generic +Running +tcp://10.31.0.11:2376");
    }

    @Test
    void aBareNodeRunsItsPackagedConfigurationWhenOursDoesNotStart() {
        Output made =
                machine.create("kind-refused", "10.31.0.17", "--engine-opt", "no-such-option=1");
        assertThat(made.exits(1).err()).contains("no-such-option", "the old one was put back");
        OnNode node = new OnNode("kind-refused");
        assertThat(node.sh("docker info -f '{{.ServerVersion}}'")).startsWith("20.10.");
        assertThat(node.sh("ls /etc/docker/daemon.json 2>/dev/null || echo none"))
                .isEqualTo("none");
    }

    @Test
    void takesTheNewerEngineOfDebian13() {
        machine.create("kind-trixie", "10.31.0.12").ok();
        JsonNode info = Record.assertNode(machine, "kind-trixie", "generic", "amd64");
        assertThat(info.path("ServerVersion").asText()).startsWith("26.1");
        assertThat(info.path("CgroupVersion").asText()).isEqualTo("2");
        runsAContainer("kind-trixie", "debian", "x86_64");
    }

    @Test
    void makesANodeWithSysvinitANode() {
        OnNode node = new OnNode("kind-sysvinit");
        assertThat(node.sh("ls -d /run/systemd/system 2>/dev/null || echo none")).isEqualTo("none");
        machine.create("kind-sysvinit", "10.31.0.13").ok();
        Record.assertNode(machine, "kind-sysvinit", "generic", "amd64");
        runsAContainer("kind-sysvinit", "debian", "x86_64");
        assertThat(node.sh("ls /etc/rc2.d")).containsPattern("S\\d\\ddocker");
    }

    @Test
    void findsOutThatAnArmBoardIsOne() {
        assertThat(new OnNode("kind-arm").sh("uname -m")).isEqualTo("armv7l");
        Output made = machine.create("kind-arm", "10.31.0.14");
        made.ok();
        JsonNode info = Record.assertNode(machine, "kind-arm", "generic", "arm");
        assertThat(info.path("Architecture").asText()).isEqualTo("armv7l");
        assertThat(Record.of(machine, "kind-arm").path("platform").asText())
                .isEqualTo("linux/arm/v7");
        assertThat(machine.docker("kind-arm", "version -f '{{.Server.Arch}}'").ok())
                .isEqualTo("arm");
        runsAContainer("kind-arm", "aiyara/debian:latest.arm", "armv7l");
    }

    @Test
    void adoptsAnEngineAndKeepsItsContainersAndItsSettings() {
        OnNode node = new OnNode("kind-adopted");
        String registry = Lab.value("LAB_GATEWAY") + ":5000";
        node.sh(
                """
                cat >/etc/docker/daemon.json <<'END'
                {"log-driver": "json-file", "log-opts": {"max-size": "7m"}, "labels": ["rack=left"],
                 "storage-driver": "overlay2", "insecure-registries": ["%s"], "max-concurrent-downloads": 2}
                END
                systemctl restart docker && docker run -d --name keep %s/library/debian sleep 100000
                """
                        .formatted(registry, registry));
        String before = node.container("keep");
        assertThat(before).startsWith("true ");
        long engine = node.engine();

        machine.create("kind-adopted", "10.31.0.15").ok();

        assertThat(node.container("keep")).isEqualTo(before);
        assertThat(node.engine()).isNotEqualTo(engine);
        assertThat(node.sh("docker logs keep; echo $?")).endsWith("0");
        JsonNode info = Record.assertNode(machine, "kind-adopted", "generic", "amd64");
        assertThat(info.path("Labels").toString()).contains("\"rack=left\"");
        JsonNode config = Record.parse(node.sh("cat /etc/docker/daemon.json"));
        assertThat(config.path("log-opts").path("max-size").asText()).isEqualTo("7m");
        assertThat(config.path("storage-driver").asText()).isEqualTo("overlay2");
        assertThat(config.path("max-concurrent-downloads").asInt()).isEqualTo(2);
        assertThat(config.path("insecure-registries").toString()).contains(registry);
        assertThat(
                        Record.parse(
                                        node.sh(
                                                "cat /etc/docker/machine/original/files/etc/docker/daemon.json"))
                                .path("labels")
                                .toString())
                .isEqualTo("[\"rack=left\"]");
    }

    @Test
    void worksAsAUserWhoseSudoAsksForAPassword() {
        OnNode node = new OnNode("kind-sudo");
        String password = Secrets.fresh();
        Lab.node("kind-sudo", "chpasswd", "pi:" + password + "\n").ok();
        assertThat(node.sh("su pi -c 'sudo -n true' 2>&1 || echo refused")).contains("refused");

        Output without = machine.create("kind-sudo", "10.31.0.16", "--generic-ssh-user", "pi");
        assertThat(without.exits(6).err()).contains("--sudo-passwd-stdin");
        Output wrong = withSudo("not it\n");
        assertThat(wrong.exits(6).err()).doesNotContain("not it");

        try (Running stopped = startWithSudo(password + "\n", "configure-engine:applied")) {
            Stops.awaitStop(stopped);
            Secrets.assertNoProcessKnows(password);
            stopped.signal("CONT");
            Output made = stopped.await(Machine.DEADLINE);
            made.ok();
            Secrets.assertNowhere(password, machine, "kind-sudo", made);
        }
        Record.assertNode(machine, "kind-sudo", "generic", "amd64");
        assertThat(node.sh("stat -c %U-%a /etc/docker/server-key.pem")).isEqualTo("root-400");
    }

    private Output withSudo(String typed) {
        try (Running running = startWithSudo(typed, "none")) {
            return running.await(Machine.DEADLINE);
        }
    }

    private Running startWithSudo(String typed, String stop) {
        return machine.typing(typed)
                .with("MACHINE_TEST_STOP", stop)
                .start(
                        "create",
                        "-d",
                        "generic",
                        "--generic-ip-address",
                        "10.31.0.16",
                        "--generic-ssh-user",
                        "pi",
                        "--generic-ssh-key",
                        Lab.value("LAB_KEY"),
                        "--sudo-passwd-stdin",
                        "kind-sudo");
    }

    @Test
    void needsNoFlagForABoardWhoseRackIsInConfigYaml() {
        machine.configure("aiyara:\n  ssh-user: root\n  ssh-key: " + Lab.value("LAB_KEY") + "\n");
        machine.run("create", "-d", "aiyara", "rack-2-node-4").ok();
        Record.assertNode(machine, "rack-2-node-4", "aiyara", "amd64");
        assertThat(machine.run("url", "rack-2-node-4").ok()).isEqualTo("tcp://192.168.2.4:2376");
    }
}
