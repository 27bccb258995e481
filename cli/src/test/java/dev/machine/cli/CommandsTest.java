package dev.machine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.store.EngineInstall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    @TempDir Path base;
    private Desk desk;

    @BeforeEach
    void sitDown() {
        desk = new Desk(base);
    }

    @Test
    void createsTheNodesOfARangeEachOnItsOwn() {
        desk.machines.unreachable.add("rack-1-node-12");
        assertThat(desk.type("create -d aiyara rack-1-node-[11:13]")).isEqualTo(4);
        assertThat(desk.machines.calls)
                .containsExactlyInAnyOrder(
                        "create rack-1-node-11", "create rack-1-node-12", "create rack-1-node-13");
        assertThat(desk.answer()).isEmpty();
        assertThat(desk.told())
                .contains(
                        "rack-1-node-11 | install engine: docker.io\n",
                        "rack-1-node-11 | install engine: done\n",
                        "rack-1-node-13 | READY tcp://10.0.0.1:2376 (1 change)\n",
                        "rack-1-node-12 | no route to rack-1-node-12\n",
                        "rack-1-node-12 | check its cable\n",
                        "1 of 3 failed: rack-1-node-12\n");
    }

    @Test
    void expandsAHostRangeAsTheOriginalDriverDid() {
        assertThat(desk.type("create -d aiyara --aiyara-host-range=192.168.7.[11:12] rack-1-node"))
                .isZero();
        assertThat(desk.machines.orders)
                .extracting(order -> order.name() + "=" + order.driverOptions().get("address"))
                .containsExactlyInAnyOrder(
                        "rack-1-node-11=192.168.7.11", "rack-1-node-12=192.168.7.12");
    }

    @Test
    void returnsTheExitCodeOfASingleNode() {
        desk.machines.unreachable.add("rack-1-node-4");
        assertThat(desk.type("create -d aiyara rack-1-node-4")).isEqualTo(6);
        assertThat(desk.told()).endsWith("no route to rack-1-node-4\ncheck its cable\n");
    }

    @Test
    void prefersFlagToVariableToConfigToDefault() throws IOException {
        Files.writeString(
                desk.store.config(),
                "aiyara: {ssh-user: config, ssh-port: 2201}\nengine-registry-mirror: [http://config]\n");
        desk.console.with("AIYARA_SSH_USER", "variable").with("MACHINE_DRIVER", "aiyara");
        desk.type("create rack-1-node-1 --aiyara-ssh-user flag");
        desk.type("create rack-1-node-1");
        desk.console = new TestConsole().with("ENGINE_REGISTRY_MIRROR", "http://a,http://b");
        desk.type("create -d aiyara rack-1-node-1");
        assertThat(desk.machines.orders)
                .extracting(order -> order.driverOptions().get("ssh-user"))
                .containsExactly("flag", "variable", "config");
        assertThat(desk.machines.orders)
                .extracting(order -> order.driverOptions().get("ssh-port"))
                .containsOnly("2201");
        assertThat(desk.machines.orders)
                .extracting(order -> order.driverOptions().get("engine-port"))
                .containsOnly("2376");
        assertThat(desk.machines.orders)
                .extracting(order -> order.engine().registryMirrors())
                .containsExactly(
                        List.of("http://config"),
                        List.of("http://config"),
                        List.of("http://a", "http://b"));
    }

    @Test
    void refusesAnOptionOfAnotherDriver() {
        assertThat(desk.type("create -d aiyara --generic-ssh-user x rack-1-node-1")).isEqualTo(2);
        assertThat(desk.told())
                .contains("--generic-ssh-user belongs to driver generic, not to aiyara");
    }

    @Test
    void readsBothPasswordsFromStandardInputLineByLine() {
        desk.console.typing("first\nsécond\n");
        desk.type("create -d aiyara --aiyara-ssh-passwd-stdin --sudo-passwd-stdin rack-1-node-1");
        assertThat(desk.machines.passwords).containsExactly("first", "sécond");
        assertThat(desk.answer() + desk.told()).doesNotContain("first", "sécond");
        assertThat(desk.machines.orders.getFirst().driverOptions().values())
                .doesNotContain("first", "sécond");
    }

    @Test
    void takesPasswordsFromTheEnvironment() {
        desk.console.with("MACHINE_AIYARA_SSH_PASSWD", "s").with("MACHINE_SUDO_PASSWD", "r");
        desk.type("create -d aiyara rack-1-node-1");
        assertThat(desk.machines.passwords).containsExactly("s", "r");
    }

    @Test
    void refusesAMissingPasswordLine() {
        desk.console.typing("only\n");
        assertThat(
                        desk.type(
                                "create -d aiyara --aiyara-ssh-passwd-stdin --sudo-passwd-stdin"
                                        + " rack-1-node-1"))
                .isEqualTo(2);
        assertThat(desk.told()).contains("there is no sudo password on standard input");
    }

    @Test
    void printsThePlanOfADryRunAsItsAnswer() {
        assertThat(desk.type("create -d aiyara --dry-run rack-1-node-1")).isZero();
        assertThat(desk.machines.calls).containsExactly("plan rack-1-node-1");
        assertThat(desk.answer()).isEqualTo("rack-1-node-1 | install engine: docker.io\n");
    }

    @Test
    void printsOneJsonEventALine() {
        desk.machines.unreachable.add("rack-1-node-2");
        desk.type("create -d aiyara -o json rack-1-node-2");
        assertThat(desk.answer())
                .isEqualTo(
                        """
                        {"event":"plan","node":"rack-1-node-2","step":"install engine","changes":["docker.io"]}
                        {"event":"failed","node":"rack-1-node-2","step":"install engine","message":"no route to rack-1-node-2"}
                        """);
    }

    @Test
    void takesLabelsAndOptionsAwayAndEmptiesLists() {
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        String n1 = "provision n1 ";
        desk.type(n1 + "--engine-label a=1 --engine-label b=2 --engine-registry-mirror http://m");
        desk.store.save(desk.store.load("n1").withEngine(desk.machines.provisioned));
        assertThat(
                        desk.type(
                                List.of(
                                        "provision",
                                        "n1",
                                        "--engine-label",
                                        "a-",
                                        "--engine-label",
                                        "never-there-",
                                        "--engine-storage-driver",
                                        "btrfs",
                                        "--engine-registry-mirror",
                                        "")))
                .isZero();
        assertThat(desk.machines.provisioned.labels()).containsExactly(Map.entry("b", "2"));
        assertThat(desk.machines.provisioned.options())
                .containsExactly(Map.entry("storage-driver", "btrfs"));
        assertThat(desk.machines.provisioned.registryMirrors()).isEmpty();
        assertThat(desk.type("provision n1 --engine-label nonsense")).isEqualTo(2);
        assertThat(desk.type("provision n1 --engine-label -")).isEqualTo(2);
    }

    @Test
    void changesOnlyTheSettingsThatAreGiven() {
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        assertThat(desk.type("provision n1 --engine-label a=b --engine-opt log-level=debug"))
                .isZero();
        assertThat(desk.machines.provisioned.labels()).containsEntry("a", "b");
        assertThat(desk.machines.provisioned.options()).containsEntry("log-level", "debug");
        assertThat(desk.machines.provisioned.install()).isEqualTo(EngineInstall.distro());
    }

    @Test
    void touchesNoMachineWhenOneNameIsUnknown() {
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        assertThat(desk.type("provision n1 n2")).isEqualTo(5);
        assertThat(desk.type("restart n[1:2]")).isEqualTo(5);
        assertThat(desk.machines.calls).isEmpty();
    }

    @Test
    void removesWhatIsThereAndThenNamesWhatIsNot() {
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        assertThat(desk.type("rm -y n0 n1 n2")).isEqualTo(4);
        assertThat(desk.machines.calls).containsExactly("rm n1");
        assertThat(desk.told())
                .contains("Machine \"n0\" does not exist", "Machine \"n2\" does not exist");
        assertThat(desk.type("rm -y nosuch")).isEqualTo(5);
        assertThat(desk.type("rm nosuch")).as("nothing to ask about").isEqualTo(5);
    }

    @Test
    void forcingTheRemovalOfNothingIsNoError() {
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        assertThat(desk.type("rm -f nosuch")).isZero();
        assertThat(desk.told()).isEqualTo("nosuch: there is no such machine, nothing to remove\n");
        assertThat(desk.type("rm -f nosuch n1")).isZero();
        assertThat(desk.machines.calls).containsExactly("rm -f n1");
        assertThat(desk.store.base().resolve("locks")).doesNotExist();
    }

    @Test
    void refusesWhatWouldHaveNoEffect() {
        assertThat(desk.type("create -d aiyara --engine-install-url https://get.docker.com a1"))
                .isEqualTo(2);
        assertThat(desk.told()).contains("--engine-install-url needs --engine-install=docker");
        assertThat(
                        desk.type(
                                "create -d aiyara --engine-install=docker --engine-install-url https://mirror.example/docker rack-1-node-4"))
                .isZero();
        desk.console = new TestConsole();
        assertThat(desk.type("create -d none --url tcp://10.0.0.1:2376 --tls-san other.example n1"))
                .isEqualTo(2);
        assertThat(desk.told())
                .isEqualTo(
                        "--tls-san has no effect: driver none has no node with an engine to set up\n");
        assertThat(desk.type("create -d none --url tcp://10.0.0.1:2376 --engine-label a=b n1"))
                .as("ls --filter label= shows it")
                .isZero();
    }

    @Test
    void refusesTwoValuesOfOneKey() {
        for (String twice :
                List.of(
                        "--engine-opt dns=1.1.1.1 --engine-opt dns=8.8.8.8",
                        "--engine-opt storage-driver=vfs --engine-storage-driver overlay2",
                        "--engine-label a=b --engine-label a-")) {
            desk.console = new TestConsole();
            assertThat(desk.type("create -d generic --generic-ip-address 10.0.0.1 " + twice + " x"))
                    .as(twice)
                    .isEqualTo(2);
            assertThat(desk.told()).contains(" twice: ");
        }
        assertThat(desk.machines.calls).isEmpty();
        desk.console = new TestConsole();
        assertThat(
                        desk.type(
                                "create -d generic --generic-ip-address 10.0.0.1"
                                        + " --engine-label a=b --engine-label a=b x"))
                .isZero();
    }

    @Test
    void removesAfterAYesOnly() {
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        desk.console.typing("n\n");
        assertThat(desk.type("rm n1")).isEqualTo(1);
        assertThat(desk.machines.calls).isEmpty();
        assertThat(desk.told())
                .contains(
                        "About to remove n1\nWARNING: This removes the record; the node stays as it is"
                                + " (--purge puts it back as it was).\nAre you sure? (y/n): ");
        desk.console = new TestConsole().typing("Yes\n");
        assertThat(desk.type("rm n1")).isZero();
        assertThat(desk.answer()).isEqualTo("Successfully removed n1\n");
        desk.console = new TestConsole();
        assertThat(desk.type("rm n1")).isEqualTo(1);
        assertThat(desk.type("rm n1 -f")).isZero();
        assertThat(desk.machines.calls).containsExactly("rm n1", "rm -f n1");
    }

    @Test
    void saysThatAStandingNameIsMissing() {
        assertThat(desk.type("config")).isEqualTo(2);
        assertThat(desk.told()).contains("no machine called \"default\"");
        desk.machine("default", "tcp://10.0.0.9:2376", false);
        assertThat(desk.type("url")).isZero();
        assertThat(desk.answer()).isEqualTo("tcp://10.0.0.9:2376\n");
    }

    @Test
    void tellsHowToMakeAMasterThatDoesNotExist() {
        assertThat(desk.type("config master --swarm")).isEqualTo(5);
        assertThat(desk.told())
                .contains(
                        "machine create -d none --url tcp://127.0.0.1:3376 --swarm-master master");
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        assertThat(desk.type("config n1 --swarm")).isEqualTo(1);
        assertThat(desk.told())
                .endsWith(
                        "n1 is not a swarm master\nmake a swarm's endpoint with: machine create -d none --url tcp://127.0.0.1:3376 --swarm-master master\n");
        desk.machine("queen", "tcp://127.0.0.1:3376", true);
        assertThat(desk.type("config nosuch --swarm")).isEqualTo(5);
        assertThat(desk.told())
                .endsWith("Machine \"nosuch\" does not exist\nmasters here: queen\n");
    }

    @Test
    void aStrategyWithoutAnEndpointIsRefused() {
        String node = "create -d none --url tcp://10.0.0.1:2376 ";
        assertThat(desk.type(node + "--swarm-strategy binpack n1")).isEqualTo(2);
        assertThat(desk.told()).contains("--swarm-strategy has no effect without --swarm-master");
        assertThat(desk.type(node + "--no-swarm --swarm-cluster other n1")).isEqualTo(2);
        assertThat(desk.told()).contains("--swarm-cluster and --no-swarm exclude each other");
    }

    @Test
    void answersForAMasterThatIsStopped() {
        desk.machine("master", "tcp://127.0.0.1:3376", true);
        assertThat(desk.type("config master --swarm")).isZero();
        assertThat(desk.answer()).endsWith("-H=tcp://127.0.0.1:3376\n");
        assertThat(desk.told()).isEqualTo("master is stopped: machine start master\n");
    }

    @Test
    void suggestsWhatWasMeant() {
        assertThat(desk.type("ls --cachd")).isEqualTo(2);
        assertThat(desk.told())
                .isEqualTo(
                        "unknown option --cachd; did you mean --cached?\nSee 'machine ls --help'.\n");
        assertThat(desk.type("crate x")).isEqualTo(2);
        assertThat(desk.told()).contains("'crate' is not a machine command; did you mean create?");
        assertThat(desk.type("--bogus")).isEqualTo(2);
    }

    @Test
    void showsAStackTraceOnlyWithDebug() {
        assertThat(desk.type("config nosuch")).isEqualTo(5);
        assertThat(desk.told()).doesNotContain("\tat ");
        assertThat(desk.type("--debug config nosuch")).isEqualTo(5);
        assertThat(desk.told()).contains("\tat dev.machine");
    }

    @Test
    void printsHelpOnStandardOutput() {
        for (String line :
                List.of(
                        "help",
                        "--help",
                        "help ls",
                        "ls --help",
                        "help swarm manage",
                        "help exit-codes")) {
            desk.console = new TestConsole();
            assertThat(desk.type(line)).as(line).isZero();
            assertThat(desk.answer()).as(line).isNotEmpty();
            assertThat(desk.told()).as(line).isEmpty();
        }
    }

    @Test
    void knowsEveryCommandThatHelpLists() {
        for (String name : CommandList.summaries().keySet()) {
            if (!name.equals("help")) {
                assertThat(desk.type("help " + name)).as(name).isZero();
            }
        }
    }

    @Test
    void namesTheActiveMachine() {
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        assertThat(desk.type("active")).isEqualTo(1);
        desk.console.with("DOCKER_HOST", "tcp://10.0.0.1:2376");
        assertThat(desk.type("active")).isZero();
        assertThat(desk.answer()).isEqualTo("n1\n");
    }

    @Test
    void addsTheMachineToNoProxyOnce() {
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        desk.console.with("SHELL", "/bin/sh").with("no_proxy", "a,b");
        desk.type("env --no-proxy n1");
        assertThat(desk.answer()).contains("export no_proxy=\"a,b,10.0.0.1\"\n");
        desk.console = new TestConsole().with("SHELL", "/bin/sh").with("NO_PROXY", "10.0.0.1");
        desk.type("env --no-proxy n1");
        assertThat(desk.answer()).contains("export NO_PROXY=\"10.0.0.1\"\n");
    }

    @Test
    void inspectsKeysOfOtherVersionsToo() throws IOException {
        desk.machine("n1", "tcp://10.0.0.1:2376", false);
        Path file = desk.store.machine("n1").resolve("machine.json");
        Files.writeString(file, Files.readString(file).replaceFirst("\\{", "{\"future\": 7,"));
        assertThat(desk.type(List.of("inspect", "-f", "{{.future}} {{json .swarm}}", "n1")))
                .isZero();
        assertThat(desk.answer())
                .isEqualTo(
                        "7 {\"cluster\":\"default\",\"member\":true,\"master\":false,\"strategy\":\"spread\"}\n");
    }
}
