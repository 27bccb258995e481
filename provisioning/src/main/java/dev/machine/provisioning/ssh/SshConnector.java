package dev.machine.provisioning.ssh;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.hierynomus.sshj.key.KeyAlgorithms;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pause;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.DefaultSecurityProviderConfig;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import net.schmizz.sshj.signature.SignatureRSA;
import net.schmizz.sshj.transport.Transport;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.transport.kex.KeyExchange;

/**
 * Opens the one SSH connection to a node. It waits for a starting node until a deadline, refuses a
 * changed host key before authentication, and notices a peer that dies later within 15 s.
 */
public final class SshConnector {
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(10);

    /** How long a reading thread that meets a fault may take to end the connection. */
    private static final int READER_ENDS_MILLIS = 1000;

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);
    private static final int KEEPALIVE_SECONDS = 5;
    private static final int KEEPALIVES_UNANSWERED = 3;

    private final Config config;
    private final Duration greeting;
    private final Pause pause;
    private final UserSsh user;

    /** The host keys that were accepted in this run, pinned or not, by host and port. */
    private final Map<String, HostKey> believed = new ConcurrentHashMap<>();

    /**
     * @param user its unlocked keys are kept as long as this connector exists
     */
    public SshConnector(Pause pause, UserSsh user) {
        this(pause, user, ATTEMPT_TIMEOUT.multipliedBy(2));
    }

    /**
     * @param greeting the limit for everything that a host sends before the login
     */
    SshConnector(Pause pause, UserSsh user, Duration greeting) {
        this.greeting = greeting;
        this.pause = pause;
        this.user = user;
        this.config = config();
    }

    static Config config() {
        EcdsaAlias.register();
        Config config = new DefaultSecurityProviderConfig();
        config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        // Plain keys first: certificates are asked for only if the user trusts an authority.
        config.setKeyAlgorithms(
                List.of(
                        KeyAlgorithms.EdDSA25519(),
                        KeyAlgorithms.ECDSASHANistp256(),
                        KeyAlgorithms.ECDSASHANistp384(),
                        KeyAlgorithms.ECDSASHANistp521(),
                        KeyAlgorithms.RSASHA512(),
                        KeyAlgorithms.RSASHA256(),
                        KeyAlgorithms.EdDSA25519CertV01(),
                        KeyAlgorithms.ECDSASHANistp256CertV01(),
                        KeyAlgorithms.ECDSASHANistp384CertV01(),
                        KeyAlgorithms.ECDSASHANistp521CertV01(),
                        new KeyAlgorithms.Factory(
                                "rsa-sha2-512-cert-v01@openssh.com",
                                new SignatureRSA.FactoryRSASHA512(),
                                KeyType.RSA_CERT),
                        new KeyAlgorithms.Factory(
                                "rsa-sha2-256-cert-v01@openssh.com",
                                new SignatureRSA.FactoryRSASHA256(),
                                KeyType.RSA_CERT),
                        KeyAlgorithms.SSHRSA()));
        // sshj would refuse a host for an invalid certificate that we did not ask for; HostKeyCheck
        // decides instead.
        config.setVerifyHostKeyCertificates(false);
        config.setKeyExchangeFactories(
                config.getKeyExchangeFactories().stream()
                        .<Factory.Named<KeyExchange>>map(SafeKeyExchange.Named::new)
                        .toList());
        return config;
    }

    /**
     * Connects and logs in.
     *
     * @param through the connection to the jump host, if there is one
     * @param hostKeys the pinned keys
     * @param firstSeen is called before authentication with a host key that is not pinned
     * @param deadline how long to wait for an unreachable node
     * @throws MachineException exit 6 if the node cannot be reached or accepts no credential, 7 for
     *     a changed host key
     */
    public SshConnection connect(
            SshTarget target,
            Optional<SshConnection> through,
            Credentials credentials,
            HostKeys hostKeys,
            Consumer<HostKey> firstSeen,
            Duration deadline) {
        String host = HostKeys.host(target.address(), target.port());
        HostKeyCheck check =
                new HostKeyCheck(
                        target,
                        hostKeys,
                        Optional.ofNullable(believed.get(host)),
                        user.knownHosts(settings(target)),
                        Clock.systemUTC(),
                        key -> {
                            believed.put(host, key);
                            firstSeen.accept(key);
                        });
        Authentication login =
                new Authentication(
                        target,
                        user.keyring(),
                        Clock.systemUTC(),
                        () -> reach(target, through, check, deadline));
        try {
            boolean byPassword = login.byPassword(credentials);
            HostKey key =
                    check.accepted()
                            .orElseThrow(() -> new MachineException("the host showed no key"));
            return new SshConnection(login.client(), target, byPassword, key);
        } catch (RuntimeException e) {
            closeQuietly(login.client());
            throw e;
        }
    }

    /** The user's settings for the host, without notes, because the user has seen them already. */
    private HostSettings settings(SshTarget target) {
        return user.settings(
                target.typed(),
                Optional.of(target.user()),
                OptionalInt.of(target.port()),
                note -> {});
    }

    private SSHClient reach(
            SshTarget target,
            Optional<SshConnection> through,
            HostKeyCheck check,
            Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            try {
                SSHClient client = attempt(target, through, check);
                check.tell();
                return client;
            } catch (IOException e) {
                if (check.refused()) {
                    if (check.mayHaveExpectedKey()) {
                        continue;
                    }
                    throw check.refusal();
                }
                if (System.nanoTime() >= end) {
                    throw unreachable(target, e);
                }
                pause.pause(RETRY_INTERVAL);
            }
        }
    }

    private static MachineException unreachable(SshTarget target, IOException e) {
        String way = target.jump().map(jump -> " through " + jump).orElse("");
        return new MachineException(
                "cannot reach %s port %d%s by SSH: %s"
                        .formatted(target.address(), target.port(), way, SshFault.why(e)),
                target.jump().isPresent()
                        ? "is it switched on, is the address right as the jump host sees it, and does the"
                                + " jump host forward (AllowTcpForwarding)?"
                        : "is it switched on, and is the address right?",
                ExitCode.UNREACHABLE,
                e);
    }

    private SSHClient attempt(SshTarget target, Optional<SshConnection> through, HostKeyCheck check)
            throws IOException {
        SSHClient client = new SSHClient(config);
        client.addHostKeyVerifier(check);
        client.setConnectTimeout(Math.toIntExact(ATTEMPT_TIMEOUT.toMillis()));
        // sshj waits for the banner without a time-out, so a host that sends nothing would block
        // us.
        Alarm alarm = new Alarm(greeting);
        try (alarm) {
            if (through.isPresent()) {
                DirectConnection channel = through.get().channel(target.address(), target.port());
                alarm.closes(channel);
                client.connectVia(channel);
            } else {
                alarm.closes(() -> closeSocket(client));
                client.connect(target.address(), target.port());
            }
            KeepAliveRunner keepAlive = (KeepAliveRunner) client.getConnection().getKeepAlive();
            keepAlive.setMaxAliveCount(KEEPALIVES_UNANSWERED);
            keepAlive.setKeepAliveInterval(KEEPALIVE_SECONDS);
            return client;
        } catch (IOException e) {
            IOException fault =
                    alarm.rang()
                            ? new SocketTimeoutException(
                                    "it did not finish its greeting within "
                                            + greeting.toSeconds()
                                            + " s")
                            : SshFault.inWords(faultOfReader(client).orElse(e));
            closeQuietly(client);
            throw fault;
        } catch (MachineException e) {
            closeQuietly(client);
            throw e;
        } catch (RuntimeException e) {
            IOException fault =
                    faultOfReader(client)
                            .map(SshFault::inWords)
                            .orElseGet(() -> SshFault.notUnderstood(e));
            closeQuietly(client);
            throw fault;
        }
    }

    /**
     * Why sshj's reading thread ended the connection. This thread may only find it closed, when it
     * writes (an I/O error) or waits for an answer (which sshj reports as a programming error).
     */
    private static Optional<IOException> faultOfReader(SSHClient client) {
        Transport transport = client.getTransport();
        try {
            transport.join(transport.isRunning() ? READER_ENDS_MILLIS : 1, MILLISECONDS);
            return Optional.empty();
        } catch (TransportException e) {
            return e.getCause() instanceof TimeoutException ? Optional.empty() : Optional.of(e);
        }
    }

    private static void closeSocket(SSHClient client) throws IOException {
        if (client.getSocket() != null) {
            client.getSocket().close();
        }
    }

    private static void closeQuietly(SSHClient client) {
        try {
            client.close();
        } catch (IOException | RuntimeException e) {
            // The connection is given up, so an error while closing it does not matter.
        }
    }
}
