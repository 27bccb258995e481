package dev.machine.driver.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.Driver;
import dev.machine.driver.DriverContract;
import dev.machine.driver.DriverState;
import dev.machine.driver.MemoryCheckpoint;
import dev.machine.driver.OptionSpec;
import dev.machine.driver.Power;
import dev.machine.driver.Problem;
import dev.machine.driver.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigitalOceanDriverTest extends DriverContract {
    private final Ocean ocean = new Ocean(SECRET);
    private final Driver driver = ocean.driver();

    @AfterEach
    void away() {
        ocean.close();
    }

    @Override
    protected Driver driver() {
        return driver;
    }

    @Override
    protected Map<String, String> goodOptions() {
        return Map.of("access-token", SECRET, "api-url", ocean.api.url(), "region", "sgp1");
    }

    @Override
    protected Map<String, String> badOptions() {
        return Map.of(
                "region", "mars1",
                "size", "huge",
                "image", "beos-5-x64",
                "ssh-user", "root; reboot",
                "ssh-port", "0",
                "ssh-key-path", "/nonexistent/key",
                "ssh-key-fingerprint", "00:11",
                "userdata", "/nonexistent/data",
                "tags", "no blanks");
    }

    @Test
    void hasTheOptionsAndVariablesOfDockerMachine() {
        assertThat(driver.info().options())
                .extracting(OptionSpec::name)
                .contains("access-token", "image", "region", "size", "ipv6", "private-networking")
                .contains("backups", "userdata", "monitoring", "tags", "ssh-user", "ssh-port")
                .contains("ssh-key-fingerprint", "ssh-key-path");
        for (OptionSpec option : driver.info().options()) {
            assertThat(option.environment())
                    .isEqualTo("DIGITALOCEAN_" + option.name().toUpperCase().replace('-', '_'));
        }
    }

    @Test
    void asksForNothingBeforeEverythingIsRight() {
        driver.check(new CreateRequest(good().name(), badOptions()));
        driver.check(ocean.request("ocean-1", "region", "mars1", "size", "huge"));
        driver.plan(ocean.request("ocean-1"));
        assertThat(ocean.api.lines()).isNotEmpty().noneMatch(line -> line.startsWith("POST"));
    }

    @Test
    void buysWhatTheSeedAsksFor() {
        DriverState state = ocean.create("ocean-1");

        JsonObject order = ocean.order();
        assertThat(order.get("name").getAsString()).isEqualTo("ocean-1");
        assertThat(order.get("region").getAsString()).isEqualTo("sgp1");
        assertThat(order.get("size").getAsString()).isEqualTo("s-1vcpu-1gb");
        assertThat(order.get("image").getAsString()).isEqualTo("debian-13-x64");
        assertThat(order.get("ssh_keys").toString())
                .isEqualTo("[\"" + Fingerprint.of(MemoryCheckpoint.LOGIN_KEY) + "\"]");
        for (String flag : List.of("backups", "ipv6", "private_networking", "monitoring")) {
            assertThat(order.get(flag).getAsBoolean()).as(flag).isFalse();
        }
        assertThat(ocean.api.account().keys())
                .singleElement()
                .satisfies(key -> assertThat(key.get("name").getAsString()).isEqualTo("ocean-1"));
        assertThat(driver.url(state)).isEqualTo("tcp://128.199.108.1:2376");
        assertThat(driver.ssh(state).get().hostKey()).contains(MemoryCheckpoint.HOST_KEY);
        assertThat(ocean.said).anyMatch(line -> line.contains("$6.00 a month"));
    }

    @Test
    void givesTheDropletItsHostKeyAndOurKey() {
        ocean.create("ocean-1");
        String data = ocean.order().get("user_data").getAsString();
        assertThat(data).startsWith("#cloud-config\n");
        JsonObject config =
                JsonParser.parseString(data.substring(data.indexOf('\n'))).getAsJsonObject();
        JsonObject keys = config.getAsJsonObject("ssh_keys");
        assertThat(keys.get("ed25519_private").getAsString())
                .isEqualTo(MemoryCheckpoint.HOST_SECRET);
        assertThat(keys.get("ed25519_public").getAsString()).isEqualTo(MemoryCheckpoint.HOST_KEY);
        assertThat(config.getAsJsonArray("ssh_authorized_keys").get(0).getAsString())
                .isEqualTo(MemoryCheckpoint.LOGIN_KEY);
        assertThat(config.has("users")).isFalse();
    }

    @Test
    void makesAUserThatIsNotRoot() {
        ocean.create("ocean-1", "ssh-user", "core");
        assertThat(ocean.order().get("user_data").getAsString())
                .contains("\"users\":[\"default\",{\"name\":\"core\"");
    }

    @Test
    void orderedThingsAreOrdered() {
        ocean.create(
                "ocean-1",
                "ipv6",
                "true",
                "private-networking",
                "1",
                "backups",
                "true",
                "monitoring",
                "TRUE",
                "tags",
                "web, team:a");
        JsonObject order = ocean.order();
        for (String flag : List.of("backups", "ipv6", "private_networking", "monitoring")) {
            assertThat(order.get(flag).getAsBoolean()).as(flag).isTrue();
        }
        assertThat(order.get("tags").toString()).startsWith("[\"web\",\"team:a\",\"machine-");
    }

    @Test
    void keepsTheUsersOwnUserDataWholeWhateverItsLetters(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("data");
        Files.writeString(file, "#!/bin/sh\necho 'สวัสดี'\n");
        ocean.create("ocean-1", "userdata", file.toString());
        String data = ocean.order().get("user_data").getAsString();
        String[] parts = data.split("--==machine==");
        assertThat(data).startsWith("Content-Type: multipart/mixed; boundary=\"==machine==\"");
        assertThat(decoded(parts[1])).isEqualTo(Files.readString(file));
        assertThat(decoded(parts[2])).startsWith("#cloud-config\n{");
    }

    private static String decoded(String part) {
        String content = part.substring(part.indexOf("\n\n") + 2);
        return new String(Base64.getMimeDecoder().decode(content), StandardCharsets.UTF_8);
    }

    @Test
    void logsInWithAKeyOfTheAccount(@TempDir Path folder) throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "a key");
        ocean.create("other");
        String known = Fingerprint.of(MemoryCheckpoint.LOGIN_KEY);
        DriverState state =
                ocean.create(
                        "ocean-1", "ssh-key-fingerprint", known, "ssh-key-path", key.toString());
        assertThat(ocean.order().get("ssh_keys").toString()).isEqualTo("[\"" + known + "\"]");
        assertThat(driver.ssh(state).get().key()).contains(key);
        driver.remove(state);
        assertThat(ocean.api.account().keys()).as("it is not ours to remove").hasSize(1);
    }

    @Test
    void asksWhichKeyOfTheAccountAPrivateKeyIs(@TempDir Path folder) throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "a key");
        assertThat(driver.check(ocean.request("ocean-1", "ssh-key-path", key.toString())))
                .extracting(Problem::option)
                .containsExactly("--digitalocean-ssh-key-fingerprint");
    }

    @ParameterizedTest
    @CsvSource({
        "512mb, s-1vcpu-512mb-10gb",
        "1gb, s-1vcpu-1gb",
        "2gb, s-1vcpu-2gb",
        "s-2vcpu-2gb, s-2vcpu-2gb"
    })
    void understandsTheSizesOf2015(String asked, String bought) {
        ocean.create("ocean-1", "size", asked);
        assertThat(ocean.order().get("size").getAsString()).isEqualTo(bought);
        assertThat(String.join("\n", ocean.said).contains("is called"))
                .isEqualTo(!asked.equals(bought));
    }

    @ParameterizedTest
    @CsvSource({
        "ubuntu-14-04-x64, ubuntu-24-04-x64",
        "ubuntu-16-04-x64, ubuntu-24-04-x64",
        "debian-7-x64, debian-13-x64",
        "ubuntu-22-04-x64, ubuntu-22-04-x64",
        "142, ubuntu-24-04-x64"
    })
    void understandsTheImagesOf2015(String asked, String bought) {
        ocean.create("ocean-1", "image", asked);
        assertThat(ocean.order().get("image").getAsString()).isEqualTo(bought);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "region | nyc2 | takes no new droplets; there are ams3, nyc3, sgp1",
                "region | mars1 | there is no region \"mars1\"; there are ams3, nyc3, sgp1",
                "size | gpu-1 | cannot be had in sgp1 now; the cheapest there are s-1vcpu-512mb-10gb",
                "size | huge | there is no size \"huge\"; the cheapest are s-1vcpu-512mb-10gb",
                "image | beos | there is no image \"beos\"; there are debian-11-x64",
                "api-url | ftp://x | not of the form https://HOST",
                "tags | a b | \"a b\" is not a tag"
            })
    void saysWhatThereIsInstead(String option, String value, String sentence) {
        assertThat(driver.check(ocean.request("ocean-1", option, value)))
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.option()).isEqualTo("--digitalocean-" + option);
                            assertThat(problem.sentence()).contains(sentence);
                        });
    }

    @Test
    void saysThatAnImageDoesNotFitTheDisk() {
        assertThat(
                        driver.check(
                                ocean.request(
                                        "ocean-1", "size", "512mb", "image", "windmill-20-04")))
                .extracting(Problem::sentence)
                .containsExactly(
                        "windmill-20-04 needs a disk of 25 GB, and s-1vcpu-512mb-10gb has 10");
    }

    @Test
    void plansWithThePrice() {
        assertThat(driver.plan(ocean.request("ocean-1", "size", "512mb")))
                .containsExactly(
                        "size 512mb is called s-1vcpu-512mb-10gb today",
                        "buy s-1vcpu-512mb-10gb (1 CPU, 512 MB, 10 GB disk) in sgp1 with"
                                + " debian-13-x64, $4.00 a month");
    }

    @Test
    void switchesDroplets() {
        DriverState state = ocean.create("ocean-1");
        Power.ByApi power = (Power.ByApi) driver.power();
        assertThat(driver.status(state)).isEqualTo(Status.RUNNING);
        power.stop(state);
        power.stop(state);
        assertThat(driver.status(state)).isEqualTo(Status.STOPPED);
        power.start(state);
        power.start(state);
        assertThat(driver.status(state)).isEqualTo(Status.RUNNING);
        power.restart(state);
        power.kill(state);
        power.restart(state);
        assertThat(ocean.switched)
                .containsExactly("shutdown", "power_on", "reboot", "power_off", "power_on");
        driver.remove(state);
        assertThat(driver.status(state)).isEqualTo(Status.GONE);
        assertThatThrownBy(() -> power.start(state)).hasMessageContaining("is gone");
    }

    @Test
    void leavesNothingInTheAccount() {
        DriverState state = ocean.create("ocean-1");
        driver.remove(state);
        assertThat(ocean.api.account().droplets()).isEmpty();
        assertThat(ocean.api.account().keys()).isEmpty();
        assertThat(ocean.api.account().removedTags()).containsExactly(state.required("tag"));
    }

    @Test
    void readsTheTokenFromAFileAndRemembersOnlyWhere(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), SECRET + "\n");
        DriverState state = ocean.create("ocean-1", "access-token", "@" + file);
        assertThat(state.values().toString()).doesNotContain(SECRET).contains("@" + file);
        ocean.variables.clear();
        ocean.driver().remove(state);
        assertThat(ocean.api.account().droplets()).isEmpty();
    }

    @Test
    void saysWhereATokenComesFromWhenThereIsNone() {
        DriverState state = ocean.create("ocean-1");
        ocean.variables.clear();
        assertThatThrownBy(() -> ocean.driver().remove(state))
                .hasMessageContaining("asks for a token")
                .hasMessageContaining("droplet " + state.required("droplet-id") + " stays")
                .hasFieldOrPropertyWithValue("hint", "set DIGITALOCEAN_ACCESS_TOKEN");
        assertThat(driver.check(ocean.request("ocean-1", "access-token", "")))
                .extracting(Problem::option)
                .containsExactly("--digitalocean-access-token");
    }
}
