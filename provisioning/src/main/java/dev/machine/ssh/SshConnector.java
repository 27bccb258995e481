package dev.machine.ssh;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.SshTarget;
import dev.machine.ssh.HostKeys.HostKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.DefaultSecurityProviderConfig;
import net.schmizz.sshj.SSHClient;
import org.jspecify.annotations.Nullable;

/**
 * Opens the one SSH connection to a node. Waits for a node that is still starting until a deadline;
 * refuses a changed host key before anything is authenticated; a peer that dies later is noticed
 * within 15 s.
 */
public final class SshConnector {
    private static final Duration ONE_ATTEMPT = Duration.ofSeconds(10);
    private static final int KEEPALIVE_SECONDS = 5;
    private static final int KEEPALIVES_UNANSWERED = 3;

    private final Config config;
    private final Waiting waiting;
    private final Keyring keyring;

    /** Waits between attempts; tests inject one that does not. */
    @FunctionalInterface
    public interface Waiting {
        void pause(Duration duration) throws InterruptedException;
    }

    /**
     * @param user whose keys are unlocked and remembered for as long as this connector is there
     */
    public SshConnector(Waiting waiting, UserSsh user) {
        this.waiting = waiting;
        this.keyring = user.keyring();
        this.config = config();
    }

    static Config config() {
        EcdsaAlias.register();
        Config config = new DefaultSecurityProviderConfig();
        config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        return config;
    }

    /**
     * Connects and logs in.
     *
     * @param hostKeys the keys pinned so far
     * @param firstSeen called with the host's key when none is pinned, before authentication
     * @param deadline how long an unreachable node is waited for
     * @throws MachineException exit 6 when it cannot be reached or no credential is accepted, 7 for
     *     a changed host key
     */
    public SshConnection connect(
            SshTarget target,
            Credentials credentials,
            HostKeys hostKeys,
            Consumer<HostKey> firstSeen,
            Duration deadline) {
        List<HostKey> pinned = hostKeys.pinned(target.address(), target.port());
        PinningVerifier verifier = new PinningVerifier(pinned, firstSeen);
        LogIn login =
                new LogIn(
                        target, keyring, () -> reach(target, verifier, hostKeys, pinned, deadline));
        try {
            boolean byPassword = login.byPassword(credentials);
            HostKey key =
                    verifier.shown()
                            .orElseThrow(() -> new MachineException("the host showed no key"));
            return new SshConnection(login.client(), target, byPassword, key);
        } catch (RuntimeException e) {
            closeQuietly(login.client());
            throw e;
        }
    }

    private SSHClient reach(
            SshTarget target,
            PinningVerifier verifier,
            HostKeys hostKeys,
            List<HostKey> pinned,
            Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            try {
                return attempt(target, verifier);
            } catch (IOException e) {
                if (verifier.refused()) {
                    throw hostKeys.changed(
                            target.address(),
                            target.port(),
                            verifier.shown().orElseThrow(),
                            pinned);
                }
                if (System.nanoTime() >= end) {
                    throw new MachineException(
                            "cannot reach %s port %d by SSH: %s"
                                    .formatted(target.address(), target.port(), why(e)),
                            "is it switched on, and is the address right?",
                            ExitCode.UNREACHABLE,
                            e);
                }
                pause();
            }
        }
    }

    private SSHClient attempt(SshTarget target, PinningVerifier verifier) throws IOException {
        SSHClient client = new SSHClient(config);
        client.addHostKeyVerifier(verifier);
        client.setConnectTimeout(Math.toIntExact(ONE_ATTEMPT.toMillis()));
        // sshj waits for the peer's banner without a time-out: a host that accepts and says nothing
        // would hold us.
        try (var alarm = new Alarm(client, ONE_ATTEMPT.multipliedBy(2))) {
            client.connect(target.address(), target.port());
            KeepAliveRunner keepAlive = (KeepAliveRunner) client.getConnection().getKeepAlive();
            keepAlive.setMaxAliveCount(KEEPALIVES_UNANSWERED);
            keepAlive.setKeepAliveInterval(KEEPALIVE_SECONDS);
            return client;
        } catch (IOException | RuntimeException e) {
            closeQuietly(client);
            throw e;
        }
    }

    private void pause() {
        try {
            waiting.pause(Duration.ofMillis(500));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException("interrupted", null, ExitCode.INTERRUPTED, e);
        }
    }

    static String why(IOException e) {
        @Nullable String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static void closeQuietly(SSHClient client) {
        try {
            client.close();
        } catch (IOException e) {
            // The connection is being given up; that it could not be closed in order changes
            // nothing.
        }
    }

    /** Closes a client when time is up. */
    private static final class Alarm implements AutoCloseable {
        private final Thread thread;

        Alarm(SSHClient client, Duration after) {
            thread =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            TimeUnit.NANOSECONDS.sleep(after.toNanos());
                                            if (client.getSocket() != null) {
                                                client.getSocket().close();
                                            }
                                        } catch (InterruptedException | IOException e) {
                                            // Interrupted: the connection is up in time.
                                        }
                                    });
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
