package dev.machine.swarm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.testing.Await;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A table in Debian's Redis; the program redis-check-rdb is its server under another name. */
@Timeout(60)
class RedisTableTest {
    @TempDir Path folder;
    private int port;
    private Process redis;

    @BeforeEach
    void aRedis() throws Exception {
        Path server = folder.resolve("redis-server");
        Files.createSymbolicLink(server, Path.of("/usr/bin/redis-check-rdb"));
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        start();
    }

    private void start() throws Exception {
        redis =
                new ProcessBuilder(
                                folder.resolve("redis-server").toString(),
                                "--port",
                                Integer.toString(port),
                                "--bind",
                                "127.0.0.1",
                                "--save",
                                "",
                                "--dir",
                                folder.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("redis.log").toFile())
                        .start();
        Await.until("redis listens", this::listens);
    }

    private boolean listens() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @AfterEach
    void stop() throws Exception {
        redis.destroyForcibly().waitFor();
    }

    private void say(int database, String name, Map<String, String> fields) {
        try (Jedis client = new Jedis("127.0.0.1", port)) {
            client.select(database);
            client.hset("multifarious:" + name, fields);
        }
    }

    private static String image(ImageSource source, String name, String platform) {
        ImageDecision decision =
                new ImageDecision(source.now(), name, ImageName.parse(name), null, true);
        return decision.on(
                                new ImageNode("node", Platform.parse(platform)),
                                x -> KnownPlatforms.UNKNOWN)
                        instanceof ImageChoice.Use use
                ? use.image()
                : "";
    }

    @Test
    void aTableOfMultifariousWorksUnchanged() {
        say(0, "hello", Map.of("x86_64", "hello-world", "armv7l", "hypriot/armhf-hello-world"));
        say(2, "hello", Map.of("default", "of-another-database"));
        ImageSource source = ImageSources.of(null, "redis://127.0.0.1:" + port);
        assertThat(image(source, "hello", "linux/amd64")).isEqualTo("hello-world");
        assertThat(image(source, "hello", "linux/arm/v7")).isEqualTo("hypriot/armhf-hello-world");
        assertThat(image(source, "nginx", "linux/arm/v7")).isEqualTo("nginx");
        assertThat(source.error()).isNull();
        ImageSource other = ImageSources.of(null, "redis://127.0.0.1:" + port + "/2");
        assertThat(image(other, "hello", "linux/amd64")).isEqualTo("of-another-database");
    }

    @Test
    void changesAreSeenWhileItServes() {
        ImageSource source = ImageSources.of(null, "redis://127.0.0.1:" + port + "/0");
        assertThat(image(source, "hello", "linux/amd64")).isEqualTo("hello");
        say(0, "hello", Map.of("amd64", "hello-world"));
        Await.until(
                "the change is seen",
                () -> image(source, "hello", "linux/amd64").equals("hello-world"));
    }

    @Test
    void theLastTableStaysInUseWhileRedisIsAway() throws Exception {
        say(0, "hello", Map.of("amd64", "hello-world"));
        ImageSource source = ImageSources.of(null, "redis://127.0.0.1:" + port);
        assertThat(image(source, "hello", "linux/amd64")).isEqualTo("hello-world");
        stop();
        Await.until("the loss is seen", () -> source.error() != null);
        assertThat(source.error()).contains("127.0.0.1:" + port + " cannot be read");
        assertThat(image(source, "hello", "linux/amd64")).isEqualTo("hello-world");
        start();
        say(0, "hello", Map.of("amd64", "another"));
        Await.until(
                "the new table is seen",
                () -> image(source, "hello", "linux/amd64").equals("another"));
        assertThat(source.error()).isNull();
    }

    @Test
    void rulesAndModeAreStillThoseOfTheFile() throws Exception {
        Path file = folder.resolve("images.yaml");
        Files.writeString(
                file, "images: {a: {default: file}}\nrules: [{match: 'b:.*', default: rule}]\n");
        say(0, "a", Map.of("default", "redis"));
        ImageSource source = ImageSources.of(file, "redis://127.0.0.1:" + port);
        assertThat(image(source, "a", "linux/amd64")).isEqualTo("redis");
        assertThat(image(source, "b", "linux/amd64")).isEqualTo("rule");
        ImageSource yaml = ImageSources.of(null, "file:" + file);
        assertThat(image(yaml, "a", "linux/amd64")).isEqualTo("file");
    }

    @Test
    void refusesATableThatItDoesNotUnderstand() {
        for (String bad :
                List.of("redis://", "http://x", "file:", "redis://:secret@h/0", "redis://h/x")) {
            assertThatThrownBy(() -> ImageSources.of(null, bad))
                    .isInstanceOf(MachineException.class)
                    .hasMessageNotContaining("secret");
        }
    }
}
