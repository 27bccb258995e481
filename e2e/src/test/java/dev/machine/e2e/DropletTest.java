package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Machines of a cloud: bought, found again, switched and given back, over SSH as it is. */
@Tag("lab")
class DropletTest {
    private static final String TOKEN = Secrets.fresh();

    /** The lab's network is there as long as a node is; this one also stands in another's way. */
    @RegisterExtension static final Nodes NODES = Nodes.of("ocean-door", "10.99.0.60");

    private static Running cloud;

    private final Machine machine = new Machine();

    @BeforeAll
    static void aCloud() {
        cloud = LabCloud.start(TOKEN);
    }

    @AfterAll
    static void away() {
        cloud.close();
    }

    @AfterEach
    void done() {
        machine.close();
    }

    private Machine user() {
        machine.configure("digitalocean:\n  api-url: " + LabCloud.URL + "\n");
        return machine;
    }

    private static long requests(String beginning) {
        return cloud.outSoFar().lines().filter(line -> line.startsWith(beginning)).count();
    }

    @Test
    void makesSwitchesAndRemovesADroplet() throws Exception {
        String name = "ocean-7";
        long orders = requests("POST /v2/droplets 202");
        Machine user = user();

        Output made =
                user.run(
                        "create",
                        "-d",
                        "digitalocean",
                        "--digitalocean-access-token=" + TOKEN,
                        "--digitalocean-region=sgp1",
                        "--digitalocean-tags=engine",
                        name);

        Machine owner = user.with("DIGITALOCEAN_ACCESS_TOKEN", TOKEN);
        try {
            made.exits(0);
            assertThat(made.err()).contains("in sgp1 with debian-13-x64, $6.00 a month");
            Record.assertNode(machine, name, "digitalocean", "amd64");
            assertThat(requests("POST /v2/droplets 202") - orders).isEqualTo(1);
            assertFirstConnectionWasPinned(name, made);
            Secrets.assertNoProcessKnows(TOKEN);
            Secrets.assertNowhere(TOKEN, machine, name, made);
            assertThat(user.run("inspect", name).ok()).doesNotContain(TOKEN);

            owner.run("stop", name).ok();
            assertThat(owner.run("status", name).ok()).isEqualTo("Stopped");
            assertThat(user.run("status", name).ok())
                    .as("without a token: it was switched off from here")
                    .isEqualTo("Stopped");
            owner.run("start", name).ok();
            assertThat(user.run("status", name).ok()).isEqualTo("Running");
        } finally {
            owner.run("rm", "-y", name).ok();
        }
        assertThat(Lab.node(name, "true").status()).as("the node is gone").isNotZero();
        assertThat(cloud.outSoFar().lines().toList())
                .anyMatch(line -> line.matches("DELETE /v2/droplets/[0-9]+ 204"))
                .anyMatch(line -> line.matches("DELETE /v2/account/keys/[0-9a-f:]+ 204"));
    }

    private void assertFirstConnectionWasPinned(String name, Output made) throws Exception {
        assertThat(made.err()).doesNotContain("pinned");
        String[] own = Lab.node(name, "cat /etc/ssh/ssh_host_ed25519_key.pub").ok().split(" ");
        String address = Record.of(machine, name).path("ssh").path("address").asText();
        assertThat(Files.readString(machine.store().resolve("known_hosts")))
                .isEqualTo(address + " " + own[0] + " " + own[1] + "\n");
        assertThat(new OnNode(name).logins()).isEqualTo(1);
    }

    @Test
    void adoptsWhatItBoughtBeforeItWasKilled() {
        String name = "ocean-8";
        Machine user = user().with("DIGITALOCEAN_ACCESS_TOKEN", TOKEN);
        List<String> words =
                List.of(
                        "--debug",
                        "create",
                        "-d",
                        "digitalocean",
                        "--digitalocean-region=sgp1",
                        "--digitalocean-tags=lost,busy",
                        name);
        long orders = requests("POST /v2/droplets ");
        try (Running killed = user.start(words.toArray(String[]::new))) {
            Lab.until(
                    "the droplet is ordered",
                    Duration.ofSeconds(30),
                    () -> requests("POST /v2/droplets ") > orders);
            kill(killed);
        }
        assertThat(Record.phase(machine, name)).isEqualTo("CREATING");
        assertThat(Record.of(machine, name).path("driverState").has("droplet-id")).isFalse();

        Output again = user.run(words.toArray(String[]::new));
        try {
            again.exits(0);
            assertThat(requests("POST /v2/droplets ") - orders).isEqualTo(1);
            assertThat(again.err())
                    .contains("made by an earlier attempt", "wait until cloud-init has finished");
            Record.assertNode(machine, name, "digitalocean", "amd64");
            Secrets.assertNowhere(TOKEN, machine, name, again);
        } finally {
            user.run("rm", "-y", name).ok();
        }
    }

    @Test
    @Tag("quick")
    void saysWhatItWouldBuyAndWhatStandsInTheWay() {
        long posts = requests("POST ");
        Machine owner = user().with("DIGITALOCEAN_ACCESS_TOKEN", TOKEN);

        Output plan = owner.run("create", "-d", "digitalocean", "--dry-run", "ocean-[1:50]");
        assertThat(plan.ok().lines())
                .hasSize(50)
                .contains(
                        "ocean-50 | create: buy s-1vcpu-1gb (1 CPU, 1024 MB, 25 GB disk) in nyc3"
                                + " with debian-13-x64, $6.00 a month");

        Output wrong =
                owner.run(
                        "create",
                        "-d",
                        "digitalocean",
                        "--digitalocean-region=mars1",
                        "--digitalocean-size=huge",
                        "ocean-9");
        assertThat(wrong.exits(3).err())
                .contains("--digitalocean-region: there is no region \"mars1\"; there are ams3,")
                .contains("--digitalocean-size: there is no size \"huge\"");

        Output stranger =
                user().with("DIGITALOCEAN_ACCESS_TOKEN", "not-it")
                        .run("create", "-d", "digitalocean", "ocean-9");
        assertThat(stranger.exits(3).err())
                .contains("--digitalocean-access-token: DigitalOcean does not accept this token");
        assertThat(machine.store().resolve("machines")).doesNotExist();
        assertThat(requests("POST ")).isEqualTo(posts);
    }

    /** The launcher replaces itself by the JVM, but `lab exec` need not be the last of its line. */
    private static void kill(Running running) {
        ProcessHandle.of(running.pid())
                .ifPresent(
                        process -> {
                            process.descendants().forEach(ProcessHandle::destroyForcibly);
                            process.destroyForcibly();
                        });
        Lab.until("it is dead", Duration.ofSeconds(5), () -> !running.alive());
    }
}
