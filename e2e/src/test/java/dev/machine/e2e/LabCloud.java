package dev.machine.e2e;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.machine.driver.digitalocean.FakeDigitalOcean;
import dev.machine.driver.digitalocean.FakeDigitalOcean.Kind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A cloud in the lab's network, as a process of its own there: droplets are nodes of the lab, on
 * which what cloud-init would do has been done before anybody learns their address. Each request is
 * one line on standard output. Tags of an order ask for more: {@code engine} for a droplet that has
 * its engine already, {@code busy} for one whose cloud-init is still at work when SSH answers,
 * {@code lost} for an answer that never comes. {@code lab/cloud} starts one for a person.
 */
final class LabCloud implements FakeDigitalOcean.Cloud {
    static final int PORT = 8443;
    static final String URL = "http://127.0.0.1:" + PORT;

    private static final String CLOUD_INIT =
            """
            umask 077
            mkdir -p /run/cloud-init /root/.ssh
            rm -f /etc/ssh/ssh_host_*
            read -r private; echo "$private" | base64 -d >/etc/ssh/ssh_host_ed25519_key
            read -r public; echo "$public" | base64 -d >/etc/ssh/ssh_host_ed25519_key.pub
            read -r allowed; echo "$allowed" | base64 -d >/root/.ssh/authorized_keys
            read -r busy
            echo '{"v1": {"errors": []}}' >/run/cloud-init/done
            if [ "$busy" = no ]; then mv /run/cloud-init/done /run/cloud-init/result.json
            else
                # Whoever logs in finds it at work, however late.
                systemd-run -q --unit cloud-final sh -c 'until journalctl -q -t sshd | grep -q Accepted; do sleep 0.2; done
                    sleep 3; mv /run/cloud-init/done /run/cloud-init/result.json'
                # As its apt would, with the lock that dpkg knows; a little longer than it says.
                systemd-run -q --unit cloud-packages perl -MFcntl -e '
                    open F, "+>>", "/var/lib/dpkg/lock-frontend" or die; fcntl F, F_SETLK, pack("ssx4qqlx4", F_WRLCK, 0, 0, 0, 0) or die;
                    sleep 1 until -e "/run/cloud-init/result.json"; sleep 2'
            fi
            systemctl restart ssh
            """;

    private final Map<Integer, FutureTask<String>> booting = new ConcurrentHashMap<>();
    private final AtomicInteger nextAddress = new AtomicInteger(61);
    private FakeDigitalOcean api;

    private LabCloud() {}

    /** Starts one; closing the result ends it, and leaves the nodes. */
    static Running start(String token) {
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Running cloud =
                Lab.start(
                        Map.of(),
                        (token + "\n").getBytes(StandardCharsets.UTF_8),
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                classPath,
                                LabCloud.class.getName()));
        Lab.until(
                "the cloud is there: " + cloud.errSoFar(),
                java.time.Duration.ofSeconds(20),
                () -> cloud.outSoFar().contains("ready"));
        return cloud;
    }

    public static void main(String[] arguments) throws Exception {
        String token = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
        LabCloud cloud = new LabCloud();
        cloud.api =
                new FakeDigitalOcean(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT),
                        token,
                        InstantSource.system(),
                        cloud);
        cloud.api.fault("POST", "/v2/droplets", "\"lost\"", new Kind.DoneAndHang(), 1);
        cloud.api.listen(request -> System.out.println(request.line()));
        System.out.println("ready");
        Thread.currentThread().join();
    }

    @Override
    public Optional<String> boot(JsonObject droplet) {
        FutureTask<String> machine =
                booting.computeIfAbsent(
                        droplet.get("id").getAsInt(),
                        id -> {
                            FutureTask<String> task = new FutureTask<>(() -> up(droplet));
                            Thread.ofVirtual().start(task);
                            return task;
                        });
        if (machine.state() == Future.State.FAILED) {
            System.out.println("no droplet: " + machine.exceptionNow());
        }
        return machine.isDone() ? Optional.of(machine.resultNow()) : Optional.empty();
    }

    private String up(JsonObject droplet) {
        String name = droplet.get("name").getAsString();
        String address = "10.99.0." + nextAddress.getAndIncrement();
        String tags = droplet.get("tags").toString();
        Lab.up(name, "--address", address, tags.contains("\"engine\"") ? "--engine" : "--bare");
        JsonObject order = droplet.getAsJsonObject("order");
        String data = order.get("user_data").getAsString();
        JsonObject config =
                JsonParser.parseString(data.replaceFirst("^#cloud-config\n", "")).getAsJsonObject();
        JsonObject keys = config.getAsJsonObject("ssh_keys");
        Lab.node(
                        name,
                        CLOUD_INIT,
                        String.join(
                                        "\n",
                                        base64(keys.get("ed25519_private").getAsString()),
                                        base64(keys.get("ed25519_public").getAsString() + "\n"),
                                        base64(allowed(order, config)),
                                        tags.contains("\"busy\"") ? "yes" : "no")
                                + "\n")
                .ok();
        return address;
    }

    /** The keys of the account that the order names, and those of the user data. */
    private String allowed(JsonObject order, JsonObject config) {
        List<String> lines = new ArrayList<>();
        String wanted = order.get("ssh_keys").toString();
        api.account().keys().stream()
                .filter(key -> wanted.contains(key.get("fingerprint").toString()))
                .forEach(key -> lines.add(key.get("public_key").getAsString()));
        for (JsonElement key : config.getAsJsonArray("ssh_authorized_keys")) {
            lines.add(key.getAsString());
        }
        return lines.stream().distinct().collect(Collectors.joining("\n", "", "\n"));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void power(JsonObject droplet, String action) {
        String name = droplet.get("name").getAsString();
        switch (action) {
            case "power_on" -> Lab.boot(name);
            case "reboot" -> Lab.node(name, "systemctl --no-block reboot").ok();
            default -> Lab.cut(name);
        }
    }

    @Override
    public void remove(JsonObject droplet) {
        Lab.down(droplet.get("name").getAsString());
    }
}
