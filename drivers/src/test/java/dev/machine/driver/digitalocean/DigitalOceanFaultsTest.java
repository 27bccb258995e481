package dev.machine.driver.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Checkpoint;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineKeys;
import dev.machine.driver.MemoryCheckpoint;
import dev.machine.driver.Power;
import dev.machine.driver.Problem;
import dev.machine.driver.digitalocean.FakeDigitalOcean.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cloud that answers late, wrong or not at all: never an orphan, never a second droplet. */
class DigitalOceanFaultsTest {
    private static final String DROPLETS = "/v2/droplets";

    private final Ocean ocean = new Ocean(Ocean.TOKEN);
    private final MemoryCheckpoint checkpoint = new MemoryCheckpoint();

    @AfterEach
    void away() {
        ocean.close();
    }

    private void oneDroplet(DriverState state) {
        assertThat(ocean.api.account().droplets())
                .singleElement()
                .satisfies(
                        droplet ->
                                assertThat(droplet.get("id").getAsString())
                                        .isEqualTo(state.required("droplet-id")));
    }

    @Test
    void findsTheDropletWhoseAnswerWasLost() {
        ocean.api.fault("POST", DROPLETS, new Kind.Lost(), 1);
        oneDroplet(ocean.create(checkpoint, "ocean-1"));
        assertThat(ocean.api.count("POST /v2/droplets")).isEqualTo(1);
        assertThat(ocean.said).anyMatch(line -> line.startsWith("it was: droplet"));
    }

    @Test
    void findsTheDropletThatWasMadeInSpiteOfAnError() {
        ocean.api.fault("POST", DROPLETS, new Kind.DoneBut(503), 1);
        oneDroplet(ocean.create(checkpoint, "ocean-1"));
        assertThat(ocean.api.count("POST /v2/droplets")).isEqualTo(1);
    }

    @Test
    void asksAgainWhenNothingWasMade() {
        ocean.api.fault("POST", DROPLETS, new Kind.Answer(500, "1"), 1);
        oneDroplet(ocean.create(checkpoint, "ocean-1"));
        assertThat(ocean.api.count("POST /v2/droplets")).isEqualTo(2);
    }

    @Test
    void givesUpAnApiThatHangsAndGoesOnLater() {
        ocean.api.fault("POST", DROPLETS, new Kind.Hang(), 3);
        assertThatThrownBy(() -> ocean.create(checkpoint, "ocean-1"))
                .hasMessageContaining("did not answer POST /v2/droplets")
                .hasFieldOrPropertyWithValue("exitCode", ExitCode.UNREACHABLE);
        oneDroplet(ocean.create(checkpoint, "ocean-1"));
    }

    @Test
    void adoptsWhatAKilledProcessBought() {
        Checkpoint killed = new KilledAfter(checkpoint, 1);
        assertThatThrownBy(
                        () -> ocean.driver().create(ocean.request("ocean-1"), killed, line -> {}))
                .isInstanceOf(Killed.class);
        assertThat(ocean.api.account().droplets()).hasSize(1);
        assertThat(checkpoint.saved().find("droplet-id")).isEmpty();

        DriverState state = ocean.create(checkpoint, "ocean-1");

        oneDroplet(state);
        assertThat(ocean.api.count("POST /v2/droplets")).isEqualTo(1);
        assertThat(ocean.said).anyMatch(line -> line.contains("made by an earlier attempt"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void leavesOneDropletAndOneKeyWhereverItIsKilled(int saves) {
        assertThatThrownBy(
                        () ->
                                ocean.driver()
                                        .create(
                                                ocean.request("ocean-1"),
                                                new KilledAfter(checkpoint, saves),
                                                line -> {}))
                .isInstanceOf(Killed.class);
        DriverState state = ocean.create(checkpoint, "ocean-1");
        oneDroplet(state);
        assertThat(ocean.api.account().keys()).hasSize(1);
        assertThat(ocean.api.count("POST /v2/droplets")).isEqualTo(1);
        ocean.driver().remove(state);
        assertThat(ocean.api.account().droplets()).isEmpty();
        assertThat(ocean.api.account().keys()).isEmpty();
    }

    @Test
    void goesOnWhenTheAnswerAboutItsKeyWasLost() {
        ocean.api.fault("POST", "/v2/account/keys", new Kind.Lost(), 1);
        oneDroplet(ocean.create(checkpoint, "ocean-1"));
        assertThat(ocean.api.account().keys()).hasSize(1);
    }

    @Test
    void keepsOneOfTwoDropletsWhenALostOneIsSeenTooLate() {
        ocean.api.fault("POST", DROPLETS, new Kind.Lost(), 1);
        ocean.api.fault("GET", "/v2/droplets?", new Kind.Empty(), 4);
        oneDroplet(ocean.create(checkpoint, "ocean-1"));
        assertThat(ocean.api.count("POST /v2/droplets")).isEqualTo(2);
    }

    @Test
    void removesWhatAKilledProcessBought() {
        Checkpoint killed = new KilledAfter(checkpoint, 1);
        assertThatThrownBy(
                        () -> ocean.driver().create(ocean.request("ocean-1"), killed, line -> {}))
                .isInstanceOf(Killed.class);
        ocean.driver().remove(checkpoint.saved());
        assertThat(ocean.api.account().droplets()).isEmpty();
        assertThat(ocean.api.account().keys()).isEmpty();
    }

    @Test
    void buysAnotherWhenTheFirstHasGone() {
        DriverState first = ocean.create(checkpoint, "ocean-1");
        ocean.driver().remove(first);
        DriverState second = ocean.create(checkpoint, "ocean-1");
        assertThat(second.required("droplet-id")).isNotEqualTo(first.required("droplet-id"));
        oneDroplet(second);
    }

    @Test
    void waitsForAnAddressThatComesLate() {
        ocean.api.addressAfterLooks(40);
        DriverState state = ocean.create(checkpoint, "ocean-1");
        assertThat(state.required("address")).isEqualTo("128.199.108.1");
        assertThat(ocean.api.count("GET /v2/droplets/")).isEqualTo(40);
    }

    @Test
    void saysThatNoAddressCameAndGoesOnLater() {
        ocean.api.addressAfterLooks(150);
        assertThatThrownBy(() -> ocean.create(checkpoint, "ocean-1"))
                .hasMessageContaining("has no public address after 300 s");
        oneDroplet(ocean.create(checkpoint, "ocean-1"));
    }

    @ParameterizedTest
    @CsvSource({"start,", "stop,shutdown", "restart,reboot", "kill,power_off"})
    void waitsForADropletThatIsStillMadeBeforeItSwitchesIt(String verb, String action) {
        ocean.api.addressAfterLooks(150);
        assertThatThrownBy(() -> ocean.create(checkpoint, "ocean-1"))
                .hasMessageContaining("has no public address");
        ocean.api.addressAfterLooks((int) ocean.api.count("GET /v2/droplets/") + 20);
        DriverState state = checkpoint.saved();
        Power.ByApi power = (Power.ByApi) ocean.driver().power();

        switch (verb) {
            case "start" -> power.start(state);
            case "stop" -> power.stop(state);
            case "restart" -> power.restart(state);
            default -> power.kill(state);
        }

        assertThat(ocean.switched).isEqualTo(Stream.ofNullable(action).toList());
    }

    @Test
    void waitsAsLongAsItIsToldTo() {
        ocean.api.fault("POST", DROPLETS, new Kind.Answer(429, "37"), 1);
        var before = ocean.now();
        oneDroplet(ocean.create(checkpoint, "ocean-1"));
        assertThat(Duration.between(before, ocean.now())).isGreaterThan(Duration.ofSeconds(36));
        assertThat(ocean.api.count("POST /v2/droplets")).isEqualTo(2);
    }

    @Test
    void doesNotWaitForHours() {
        ocean.api.fault("POST", DROPLETS, new Kind.Answer(429, "3000"), 1);
        assertThatThrownBy(() -> ocean.create(checkpoint, "ocean-1"))
                .hasMessageContaining("refuses POST /v2/droplets")
                .hasMessageContaining("429");
        oneDroplet(ocean.create(checkpoint, "ocean-1"));
    }

    @Test
    void passesOnWhatIsRefused() {
        ocean.api.fault("POST", DROPLETS, new Kind.Answer(422, "0"), 1);
        assertThatThrownBy(() -> ocean.create(checkpoint, "ocean-1"))
                .hasMessage("DigitalOcean refuses POST /v2/droplets: asked for (422)");
        assertThat(ocean.api.account().droplets()).isEmpty();
    }

    @Test
    void asksAReadingRequestAgain() {
        ocean.api.fault("GET", "/v2/regions", new Kind.Answer(502, "1"), 2);
        ocean.api.fault("GET", "/v2/sizes", new Kind.Lost(), 1);
        assertThat(ocean.driver().check(ocean.request("ocean-1"))).isEmpty();
    }

    @Test
    void namesAnApiThatIsBroken() {
        ocean.api.fault("GET", "/v2/regions", new Kind.Answer(500, "1"), 4);
        assertThatThrownBy(() -> ocean.driver().check(ocean.request("ocean-1")))
                .hasMessage(
                        "DigitalOcean did not answer GET /v2/regions: it has an error of its own,"
                                + " 500 asked for");
    }

    @Test
    void namesWhatIsNotTheApi() {
        ocean.api.fault("GET", "/v2/regions", new Kind.Page(), 1);
        assertThatThrownBy(() -> ocean.driver().check(ocean.request("ocean-1")))
                .hasMessage("what answers there is not DigitalOcean's API v2");
    }

    @Test
    void namesANetworkThatIsNotThere() {
        ocean.api.close();
        assertThatThrownBy(() -> ocean.driver().check(ocean.request("ocean-1")))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("did not answer GET /v2/regions")
                .hasFieldOrPropertyWithValue("exitCode", ExitCode.UNREACHABLE);
    }

    @Test
    void saysThatATokenIsNotAccepted() {
        assertThat(ocean.driver().check(ocean.request("ocean-1", "access-token", "wrong")))
                .extracting(Problem::option)
                .containsExactly("--digitalocean-access-token");
        assertThat(ocean.api.lines()).containsExactly("GET /v2/regions?page=1&per_page=200 401");
    }

    @Test
    void removesWhatIsGoneAlready() {
        DriverState state = ocean.create(checkpoint, "ocean-1");
        ocean.api.fault("DELETE", DROPLETS, new Kind.Answer(404, "0"), 1);
        ocean.api.fault("DELETE", "/v2/account", new Kind.Answer(404, "0"), 1);
        ocean.driver().remove(state);
    }

    @Test
    void keepsFiftyAtOnceWithinTheLimit() throws Exception {
        DigitalOceanDriver driver = ocean.driver();
        try (var threads = Executors.newFixedThreadPool(16)) {
            List<Future<DriverState>> all = new ArrayList<>();
            for (int i = 1; i <= 50; i++) {
                String name = "ocean-" + i;
                all.add(
                        threads.submit(
                                () ->
                                        driver.create(
                                                ocean.request(name),
                                                new MemoryCheckpoint(),
                                                line -> {})));
            }
            for (Future<DriverState> one : all) {
                assertThat(one.get().required("address")).isNotEmpty();
            }
        }
        assertThat(ocean.api.account().droplets()).hasSize(50);
        assertThat(ocean.api.lines()).noneMatch(line -> line.endsWith(" 429"));
        assertThat(ocean.api.count("GET /v2/regions")).isEqualTo(1);
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Saves so often, then nothing is ever heard of it again. */
    private static final class KilledAfter implements Checkpoint {
        private final Checkpoint real;
        private int left;

        KilledAfter(Checkpoint real, int saves) {
            this.real = real;
            this.left = saves;
        }

        @Override
        public void save(DriverState state) {
            if (left-- == 0) {
                throw new Killed();
            }
            real.save(state);
        }

        @Override
        public DriverState saved() {
            return real.saved();
        }

        @Override
        public MachineKeys keys() {
            return real.keys();
        }
    }
}
