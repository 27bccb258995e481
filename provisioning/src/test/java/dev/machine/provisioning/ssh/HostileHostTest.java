package dev.machine.provisioning.ssh;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import net.schmizz.sshj.common.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host that says anything but what an SSH server says, before anybody has logged in: each ends in
 * time as one sentence with exit code 6, and no thread dies of it.
 */
@Timeout(60)
class HostileHostTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String CURVE25519 = "curve25519-sha256";
    private static final String NIST = "ecdh-sha2-nistp256";

    @TempDir private Path folder;

    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    private Thread.UncaughtExceptionHandler before;
    private ServerSocket server;
    private volatile Speech speech = out -> {};

    private interface Speech {
        void say(OutputStream out) throws Exception;
    }

    @BeforeEach
    void start() throws IOException {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> uncaught.add(error));
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(
                () -> {
                    while (!server.isClosed()) {
                        try {
                            Socket client = server.accept();
                            Thread.startVirtualThread(() -> serve(client));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
    }

    private void serve(Socket client) {
        try (client;
                InputStream in = client.getInputStream()) {
            speech.say(client.getOutputStream());
            in.transferTo(OutputStream.nullOutputStream());
        } catch (Exception e) {
            // The client has given up, as it should.
        }
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    private void isOneSentence(String words) {
        SshConnector connector =
                new SshConnector(
                        duration -> {},
                        new UserSsh(folder, Optional.empty(), name -> Optional.empty()),
                        PATIENCE);
        long begin = System.nanoTime();
        MachineException e =
                catchThrowableOfType(
                        MachineException.class,
                        () ->
                                connector.connect(
                                        new SshTarget(
                                                "127.0.0.1",
                                                server.getLocalPort(),
                                                "pi",
                                                Optional.empty()),
                                        Optional.empty(),
                                        Credentials.files(Optional::empty),
                                        new HostKeys(folder.resolve("pins")),
                                        seen -> {},
                                        Duration.ZERO));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE.plusSeconds(2));
        assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(e.sentence())
                .startsWith("cannot reach 127.0.0.1 port " + server.getLocalPort() + " by SSH: ")
                .contains(words)
                .doesNotContainPattern("\\p{Cntrl}")
                .doesNotContain("Exception", "Socket closed")
                .hasSizeLessThan(400);
        assertThat(uncaught).isEmpty();
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    private static void trickle(OutputStream out, byte[] bytes) throws Exception {
        for (byte b : bytes) {
            out.write(b);
            out.flush();
            Thread.sleep(100);
        }
    }

    private static void greet(OutputStream out) throws IOException {
        say(out, "SSH-2.0-hostile\r\n");
    }

    /** A packet before there are keys (RFC 4253, section 6). */
    private static byte[] packet(Buffer<?> payload) {
        byte[] content = payload.getCompactData();
        int padding = 8 - (content.length + 5) % 8 + 8;
        return ByteBuffer.allocate(5 + content.length + padding)
                .putInt(1 + content.length + padding)
                .put((byte) padding)
                .put(content)
                .array();
    }

    private static Buffer.PlainBuffer message(int number) {
        return new Buffer.PlainBuffer().putByte((byte) number);
    }

    private static byte[] proposal(String exchange, String key) {
        Buffer.PlainBuffer message = message(20).putRawBytes(new byte[16]);
        for (String list :
                List.of(
                        exchange,
                        key,
                        "aes128-ctr",
                        "aes128-ctr",
                        "hmac-sha2-256",
                        "hmac-sha2-256",
                        "none",
                        "none",
                        "",
                        "")) {
            message.putString(list);
        }
        return packet(message.putBoolean(false).putUInt32(0));
    }

    /** The reply of a key exchange: host key, the host's half, signature. */
    private void reply(String exchange, String type, Buffer.PlainBuffer key, byte[] half) {
        speech =
                out -> {
                    greet(out);
                    out.write(proposal(exchange, type));
                    out.flush();
                    // Not before the client has made its proposal and its half.
                    Thread.sleep(20);
                    out.write(
                            packet(
                                    message(31)
                                            .putBytes(key.getCompactData())
                                            .putBytes(half)
                                            .putBytes(new byte[80])));
                    out.flush();
                };
    }

    private static Buffer.PlainBuffer ed25519() {
        byte[] one = new byte[32];
        one[0] = 1;
        return new Buffer.PlainBuffer().putString("ssh-ed25519").putBytes(one);
    }

    @Test
    void silence() {
        isOneSentence("it did not finish its greeting within 1 s");
    }

    @Test
    void hangsUp() {
        speech = OutputStream::close;
        isOneSentence("");
    }

    @Test
    void aBannerWithoutEnd() {
        speech =
                out -> {
                    while (true) {
                        say(out, "welcome\r\n");
                    }
                };
        isOneSentence("");
    }

    @Test
    void aBannerOfLinesOfAMegabyte() {
        speech =
                out -> {
                    while (true) {
                        say(out, "x".repeat(1 << 20) + "\n");
                    }
                };
        isOneSentence("");
    }

    @Test
    void aGreetingOfFiveHundredBytes() {
        speech = out -> say(out, "SSH-2.0-" + "x".repeat(500) + "\r\n");
        isOneSentence("");
    }

    @Test
    void aGreetingThatTrickles() {
        speech =
                out ->
                        trickle(
                                out,
                                "SSH-2.0-a-long-name-of-a-server-that-is-slow\r\n"
                                        .getBytes(ISO_8859_1));
        isOneSentence("it did not finish its greeting within 1 s");
    }

    @Test
    void aGreetingThatIsOldAndForgesLines() {
        speech = out -> say(out, "SSH-1.5-\u001b[31mred\u0007\u009b\r\n");
        isOneSentence("\\x1b[31mred\\x07");
    }

    @Test
    void aGreetingThatIsEmptyOrShort() {
        for (String greeting : List.of("SSH-2.0-\n", "SSH-\n", "SSH-2.0\r\n")) {
            speech =
                    out -> {
                        say(out, greeting);
                        out.close();
                    };
            isOneSentence("");
        }
    }

    @Test
    void packetsWithLengthsThatAreNone() {
        for (int length : new int[] {Integer.MAX_VALUE, -1, 0, 1 << 20}) {
            speech =
                    out -> {
                        greet(out);
                        out.write(ByteBuffer.allocate(16).putInt(length).array());
                        out.flush();
                    };
            isOneSentence("");
        }
    }

    @Test
    void aPacketWhosePaddingIsLongerThanIt() {
        speech =
                out -> {
                    greet(out);
                    out.write(ByteBuffer.allocate(16).putInt(12).put((byte) 255).array());
                    out.flush();
                };
        isOneSentence("");
    }

    @Test
    void aProposalThatTrickles() {
        speech =
                out -> {
                    greet(out);
                    trickle(out, proposal(CURVE25519, "ssh-ed25519"));
                };
        isOneSentence("it did not finish its greeting within 1 s");
    }

    @Test
    void aProposalThatIsCutOrClaimsMore() {
        for (int claimed : new int[] {Integer.MAX_VALUE, -1, 1 << 20, 30_000}) {
            speech =
                    out -> {
                        greet(out);
                        out.write(
                                packet(
                                        message(20)
                                                .putRawBytes(new byte[16])
                                                .putUInt32(claimed & 0xffffffffL)));
                        out.flush();
                    };
            isOneSentence("");
        }
    }

    @Test
    void aProposalOfThirtyKilobytesOfForgedLines() {
        speech =
                out -> {
                    greet(out);
                    out.write(proposal("\u001b[2J\r\nmachine: all is well,".repeat(1000), "x"));
                    out.flush();
                };
        isOneSentence(
                "it has no KeyExchangeAlgorithms that machine has, only [\\x1b[2J\\r\\nmachine: all");
    }

    @Test
    void packetsToBeIgnoredWithoutEnd() {
        byte[] ignore = packet(message(2).putString("x"));
        speech =
                out -> {
                    greet(out);
                    while (true) {
                        out.write(ignore);
                    }
                };
        isOneSentence("it did not finish its greeting within 1 s");
    }

    @Test
    void aDisconnectThatForgesLines() {
        speech =
                out -> {
                    greet(out);
                    out.write(
                            packet(
                                    message(1)
                                            .putUInt32(11)
                                            .putString(
                                                    "\u001b[31m no\r\nmachine: ok"
                                                            + "x".repeat(20_000))
                                            .putString("")));
                    out.flush();
                };
        isOneSentence("\\x1b[31m no\\r\\nmachine: ok");
    }

    @Test
    void aDisconnectWithoutAReason() {
        speech =
                out -> {
                    greet(out);
                    out.write(packet(message(1)));
                    out.flush();
                };
        isOneSentence("");
    }

    @Test
    void packetsOutOfTurn() {
        // Of NEWKEYS, a service, a login, a channel, a half of a key, nothing at all.
        for (int number : new int[] {3, 6, 21, 30, 31, 33, 60, 255}) {
            speech =
                    out -> {
                        greet(out);
                        out.write(packet(message(number)));
                        out.flush();
                    };
            isOneSentence("");
        }
    }

    @Test
    void aSecondProposalInsteadOfAReply() {
        speech =
                out -> {
                    greet(out);
                    out.write(proposal(CURVE25519, "ssh-ed25519"));
                    out.write(proposal(CURVE25519, "ssh-ed25519"));
                    out.flush();
                };
        isOneSentence("");
    }

    @Test
    void halvesOfAKeyThatAreNone() {
        byte[] notOnTheCurve = new byte[65];
        notOnTheCurve[0] = 4;
        notOnTheCurve[64] = 7;
        for (byte[] half :
                List.of(
                        new byte[0],
                        new byte[1],
                        new byte[64],
                        new byte[65],
                        notOnTheCurve,
                        new byte[30_000])) {
            reply(NIST, "ssh-ed25519", ed25519(), half);
            isOneSentence("");
        }
        for (byte[] half : List.of(new byte[0], new byte[31], new byte[32], new byte[30_000])) {
            reply(CURVE25519, "ssh-ed25519", ed25519(), half);
            isOneSentence("");
        }
    }

    @Test
    void aSignatureThatIsNone() {
        byte[] nine = new byte[32];
        nine[0] = 9;
        reply(CURVE25519, "ssh-ed25519", ed25519(), nine);
        isOneSentence("");
    }

    @Test
    void hostKeysThatClaimMoreThanTheyBring() {
        for (long length : new long[] {Integer.MAX_VALUE, 1 << 30, 200_000, 0xffffffffL, 31, 0}) {
            for (Buffer.PlainBuffer key :
                    List.of(
                            key("ssh-ed25519"),
                            key("ecdsa-sha2-nistp256", "nistp256"),
                            key("ssh-rsa"),
                            key("ssh-rsa", "exponent"),
                            key("ssh-ed25519-cert-v01@openssh.com", "nonce"),
                            key("ecdsa-sha2-nistp256-cert-v01@openssh.com", "nonce", "nistp256"),
                            key())) {
                boolean announced = key.available() > 0 && length > 0;
                reply(CURVE25519, "ssh-ed25519", key.putUInt32(length), new byte[32]);
                isOneSentence(announced ? "its host key claims to be longer than it is" : "");
            }
        }
    }

    private static Buffer.PlainBuffer key(String... parts) {
        Buffer.PlainBuffer key = new Buffer.PlainBuffer();
        List.of(parts).forEach(key::putString);
        return key;
    }

    @Test
    void hostKeysOfAnotherKind() {
        for (String type :
                List.of("", "x", "\u001b[31m", "ssh-dss", "sk-ssh-ed25519@openssh.com")) {
            reply(
                    CURVE25519,
                    "ssh-ed25519",
                    new Buffer.PlainBuffer().putString(type).putBytes(new byte[32]),
                    new byte[32]);
            isOneSentence("");
        }
    }
}
