package dev.machine.swarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import dev.machine.swarm.testing.FakeStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A socket file as the address of the server. */
@Timeout(30)
class UnixListenerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private static final String ATTACH =
            "POST /attach HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

    private static final HttpServer.Timings TIMINGS =
            new HttpServer.Timings(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(1),
                    Duration.ofMillis(500));

    @TempDir Path folder;

    private final Deadlines deadlines = new Deadlines();
    private final FakeStream engine = new FakeStream();
    private volatile Response response = Response.text(200, "hello");
    private Path path;
    private HttpServer server;

    @BeforeEach
    void start() {
        path = folder.resolve("docker.sock");
        server = serve();
    }

    @Test
    void manyConnectionsAtTheSameTimeWaitInsteadOfBeingRefused() throws Exception {
        Path other = folder.resolve("other.sock");
        List<SocketChannel> crowd = new ArrayList<>();
        try (UnixListener door = UnixListener.at(other)) {
            assertThat(door).isNotNull();
            for (int i = 0; i < 300; i++) {
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
                crowd.add(client);
                // Without blocking, as the docker client connects: a full queue is an error then.
                client.configureBlocking(false);
                assertThat(client.connect(UnixDomainSocketAddress.of(other))).isTrue();
            }
        } finally {
            for (SocketChannel client : crowd) {
                client.close();
            }
        }
    }

    private HttpServer serve() {
        return HttpServer.start(
                path,
                new RawCapable(() -> response),
                deadlines,
                TIMINGS,
                ServerFixture.admission());
    }

    @AfterEach
    void stop() {
        server.close();
        deadlines.close();
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    private static void say(SocketChannel client, String text) throws IOException {
        client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String hear(SocketChannel client, String until) throws IOException {
        StringBuilder heard = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while ((until.isEmpty() || heard.indexOf(until) < 0) && client.read(one.clear()) >= 0) {
            heard.append((char) one.get(0));
        }
        return heard.toString();
    }

    @Test
    void answersAndOnlyItsOwnerMayConnect() throws Exception {
        try (SocketChannel client = connect()) {
            say(client, GET);
            assertThat(hear(client, "")).startsWith("HTTP/1.1 200 OK").endsWith("hello");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void aHalfCloseIsPassedOnAndOutputStillComes() throws Exception {
        response = new Response(101, Headers.NONE, new Response.Raw(engine));
        try (SocketChannel client = connect()) {
            say(client, ATTACH + "early");
            assertThat(hear(client, "\r\n\r\n")).startsWith("HTTP/1.1 101");
            client.shutdownOutput();
            engine.awaitInputEnd();
            assertThat(engine.hear(5)).isEqualTo("early");
            engine.say("after the end").end();
            assertThat(hear(client, "")).isEqualTo("after the end");
        }
        engine.awaitClose();
    }

    @Test
    void aClientThatLeavesIsNoticedWhileItsAnswerWaits() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        response =
                new Response(
                        200, Headers.NONE, new Response.Relay(engine.in(), -1, gone::countDown));
        try (SocketChannel client = connect()) {
            say(client, GET);
            hear(client, "\r\n\r\n");
        }
        gone.await();
        engine.end();
    }

    @Test
    void aClientThatDoesNotReadIsCutWhenTheServerStops() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        response = new Response(200, Headers.NONE, new Response.Live(out -> fill(out, cut)));
        try (SocketChannel client = connect()) {
            say(client, GET);
            hear(client, "\r\n\r\n");
            server.close();
            cut.await();
        }
    }

    /** Writes until that fails. */
    private static void fill(OutputStream out, CountDownLatch cut) throws IOException {
        try {
            while (true) {
                out.write(new byte[8192]);
                out.flush();
            }
        } finally {
            cut.countDown();
        }
    }

    @Test
    void removesItsFileAtTheEndButNotAnothersOfThatName() throws Exception {
        server.close();
        assertThat(path).doesNotExist();
        server = serve();
        Files.delete(path);
        Files.writeString(path, "mine");
        server.close();
        assertThat(path).hasContent("mine");
    }

    @Test
    void replacesTheFileOfADeadProcess() throws Exception {
        server.close();
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
        server = serve();
        try (SocketChannel client = connect()) {
            say(client, GET);
            assertThat(hear(client, "")).endsWith("hello");
        }
    }

    @Test
    void refusesWhatAnotherProcessListensOn() {
        assertThatThrownBy(this::serve)
                .isInstanceOf(MachineException.class)
                .hasMessage("cannot listen on unix://" + path + ": another process listens there");
    }

    @Test
    void refusesAFileThatIsNoSocket() throws Exception {
        server.close();
        Files.writeString(path, "mine");
        assertThatThrownBy(this::serve)
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("there is a file of that name");
        assertThat(path).hasContent("mine");
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        path = folder.resolve("nowhere/docker.sock");
        assertThatThrownBy(this::serve)
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("no such file or directory");
    }
}
