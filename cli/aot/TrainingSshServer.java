import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;
import org.apache.sshd.server.command.AbstractCommandSupport;

/**
 * The SSH server that the training run of an AOT cache logs in to, so that the cache holds the SSH
 * client too. It accepts every key, runs nothing that it is sent, and answers every command with
 * the facts of a server that has an engine. Prints its port and runs until it is stopped. Started
 * by the training run of cli/build: {@code java -cp JARS TrainingSshServer.java}.
 */
class TrainingSshServer {
    private static final String FACTS =
            """
            root=direct
            os.id=debian
            os.version=12
            os.name=Debian GNU/Linux 12 (bookworm)
            os.suite=bookworm
            machine=x86_64
            userland=amd64
            hostname=board
            init=systemd
            cgroup=v2
            cgroup.memory=yes
            disk.free.etc.kb=9000000
            disk.free.kb=9000000
            machine.id=0123456789abcdef0123456789abcdef
            apt=/usr/bin/apt-get
            engine.binary=/usr/bin/dockerd
            engine.package=docker.io
            engine.version=20.10.24+dfsg1-1+deb12u1
            engine.pid=1
            engine.running=0
            engine.enabled=enabled
            engine.sockets=/run/docker.sock=systemd
            engine.local=/run/docker.sock
            engine.unit=W1NlcnZpY2VdCkV4ZWNTdGFydD0vdXNyL3NiaW4vZG9ja2VyZCAtSCBmZDovLyAkRE9DS0VSX09QVFMK
            ssh.connection=127.0.0.1 40000 127.0.0.1 22
            clock=%d
            end=yes
            """;

    public static void main(String[] arguments) throws Exception {
        KeyPair hostKey =
                SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
        server.setCommandFactory((channel, command) -> new Answer(command));
        server.start();
        System.out.println(server.getPort());
        // It stops by itself in case the training run was killed.
        Thread.sleep(Duration.ofMinutes(2));
        server.stop(true);
    }

    /** Reads its input to the end and answers with the facts. */
    private static final class Answer extends AbstractCommandSupport {
        Answer(String command) {
            super(command, null);
        }

        @Override
        public void run() {
            try {
                getInputStream().transferTo(OutputStream.nullOutputStream());
                String facts = FACTS.formatted(Instant.now().getEpochSecond());
                getOutputStream().write(facts.getBytes(StandardCharsets.UTF_8));
                getOutputStream().flush();
                onExit(0);
            } catch (IOException e) {
                onExit(1);
            }
        }
    }
}
