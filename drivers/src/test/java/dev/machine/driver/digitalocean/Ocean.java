package dev.machine.driver.digitalocean;

import com.google.gson.JsonObject;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineName;
import dev.machine.driver.MemoryCheckpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A driver over a fake API, in a time that passes only while somebody waits. */
final class Ocean implements FakeDigitalOcean.Cloud, AutoCloseable {
    static final String TOKEN = "dop_v1_s3cret-that-must-not-be-kept";

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int addresses;
    final List<Duration> pauses = new ArrayList<>();
    final List<String> said = new ArrayList<>();
    final List<String> switched = new ArrayList<>();
    final FakeDigitalOcean api;
    final Map<String, String> variables = new HashMap<>();

    Ocean(String token) {
        api =
                new FakeDigitalOcean(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        token,
                        this::now,
                        this);
        variables.put("DIGITALOCEAN_ACCESS_TOKEN", token);
    }

    synchronized Instant now() {
        return now;
    }

    synchronized void pause(Duration duration) {
        pauses.add(duration);
        now = now.plus(duration);
    }

    /** A new one has forgotten all that another knew, as a new process has. */
    DigitalOceanDriver driver() {
        return new DigitalOceanDriver(
                name -> Optional.ofNullable(variables.get(name)),
                new DriverClock(this::now, this::pause),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1));
    }

    CreateRequest request(String name, String... more) {
        Map<String, String> options = new HashMap<>();
        options.put("access-token", variables.get("DIGITALOCEAN_ACCESS_TOKEN"));
        options.put("api-url", api.url());
        options.put("region", "sgp1");
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return new CreateRequest(new MachineName(name), options);
    }

    DriverState create(MemoryCheckpoint checkpoint, String name, String... more) {
        return driver().create(request(name, more), checkpoint, said::add);
    }

    DriverState create(String name, String... more) {
        return create(new MemoryCheckpoint(), name, more);
    }

    /** What the last droplet was asked for by. */
    JsonObject order() {
        return api.bodies("POST", "/v2/droplets").getLast();
    }

    @Override
    public synchronized Optional<String> boot(JsonObject droplet) {
        return Optional.of("128.199.108." + ++addresses);
    }

    @Override
    public void power(JsonObject droplet, String action) {
        switched.add(action);
    }

    @Override
    public void remove(JsonObject droplet) {}

    @Override
    public void close() {
        api.close();
    }
}
