package dev.machine.provisioning.ssh;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.HostKeys.HostKey;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;
import net.schmizz.sshj.connection.channel.direct.Session;

/** The connection to one node; see {@link NodeShell}. */
public final class SshConnection implements NodeShell {
    private final SSHClient client;
    private final SshTarget target;
    private final boolean byPassword;
    private final HostKey hostKey;
    private volatile RootAccess root = new RootAccess.IsRoot();

    SshConnection(SSHClient client, SshTarget target, boolean byPassword, HostKey hostKey) {
        this.client = client;
        this.target = target;
        this.byPassword = byPassword;
        this.hostKey = hostKey;
    }

    /** The host's key. */
    public HostKey hostKey() {
        return hostKey;
    }

    /**
     * Opens a channel to an address that this host can connect to.
     *
     * @throws IOException if the host cannot connect, or does not allow it
     */
    DirectConnection channel(String address, int port) throws IOException {
        try {
            return client.newDirectConnection(address, port);
        } catch (IllegalStateException e) {
            throw new IOException("the connection to " + target.address() + " had ended", e);
        } catch (RuntimeException e) {
            throw SshFault.notUnderstood(e);
        }
    }

    /** The same as a connected socket. */
    public Socket dial(String address, int port) throws IOException {
        return new ChannelSocket(channel(address, port));
    }

    /** Whether the connection still works. */
    public boolean alive() {
        return client.isConnected();
    }

    @Override
    public boolean byPassword() {
        return byPassword;
    }

    @Override
    public void becomeRootBy(RootAccess access) {
        root = access;
    }

    @Override
    public ScriptResult asUser(Script script, Duration deadline) {
        return execute(ShellLoader.plain(script), script, deadline, line -> {});
    }

    @Override
    public ScriptResult asRoot(Script script, Duration deadline, Consumer<String> lines) {
        return switch (root) {
            case RootAccess.IsRoot r -> execute(ShellLoader.plain(script), script, deadline, lines);
            case RootAccess.Passwordless r ->
                    execute(ShellLoader.sudo(script, r.terminal()), script, deadline, lines);
            case RootAccess.Refused r -> throw r.why();
            case RootAccess.WithPassword r -> withSudoPassword(r, script, deadline, lines);
        };
    }

    private ScriptResult execute(
            ShellLoader wrapped, Script script, Duration deadline, Consumer<String> lines) {
        return channel(
                deadline,
                (session, clock) -> {
                    Session.Command running = session.exec(wrapped.command());
                    LineReader out = wrapped.output(running.getInputStream(), lines);
                    LineReader err = LineReader.start(running.getErrorStream(), lines);
                    running.getOutputStream()
                            .write(wrapped.first().getBytes(StandardCharsets.US_ASCII));
                    feed(running.getOutputStream(), script.stream());
                    return finish(wrapped, running, out, err, clock);
                });
    }

    /**
     * sudo gets a random word as its prompt on standard error, and the password is sent only after
     * that word has appeared: with NOPASSWD or a cached ticket sudo would not read it, and it would
     * become input of the script. A second prompt means that the password was wrong. The script is
     * sent after the root shell has printed another random word.
     */
    private ScriptResult withSudoPassword(
            RootAccess.WithPassword access,
            Script script,
            Duration deadline,
            Consumer<String> lines) {
        String prompt = ShellLoader.word();
        ShellLoader wrapped = ShellLoader.sudoWithPrompt(script, prompt, access.terminal());
        String ready = wrapped.mark();
        return channel(
                deadline,
                (session, clock) -> {
                    Session.Command running = session.exec(wrapped.command());
                    LineReader out = wrapped.output(running.getInputStream(), lines);
                    LineReader err = LineReader.start(running.getErrorStream(), line -> {});
                    running.getOutputStream()
                            .write(wrapped.first().getBytes(StandardCharsets.US_ASCII));
                    running.getOutputStream().flush();
                    boolean asked = LineReader.awaitEither(err, prompt, 1, out, ready, clock);
                    if (asked) {
                        send(running.getOutputStream(), access.password().get());
                        if (LineReader.awaitEither(err, prompt, 2, out, ready, clock)) {
                            throw wrongPassword();
                        }
                    }
                    if (!out.contains(ready, 1)) {
                        throw new RootRefused(
                                "sudo on %s gave no root shell: %s"
                                        .formatted(
                                                target.address(),
                                                new ScriptResult(
                                                                0,
                                                                "",
                                                                err.text().replace(prompt, ""))
                                                        .lastWords()),
                                "may " + target.user() + " use sudo?");
                    }
                    feed(running.getOutputStream(), script.stream());
                    ScriptResult result = finish(wrapped, running, out, err, clock);
                    return new ScriptResult(
                            result.status(), result.out(), result.err().replace(prompt, ""));
                });
    }

    private RootRefused wrongPassword() {
        return new RootRefused(
                "sudo on %s refused the password of %s".formatted(target.address(), target.user()),
                "give the right one with --sudo-passwd-stdin");
    }

    private interface Exchange {
        ScriptResult run(Session session, Deadline clock) throws IOException, InterruptedException;
    }

    private ScriptResult channel(Duration deadline, Exchange exchange) {
        Deadline clock = Deadline.in(deadline);
        try (Session session = session()) {
            return exchange.run(session, clock);
        } catch (IOException e) {
            throw broke(e);
        } catch (MachineException e) {
            throw e;
        } catch (RuntimeException e) {
            throw broke(SshFault.notUnderstood(e));
        } catch (InterruptedException e) {
            throw MachineException.interrupted(e);
        }
    }

    private MachineException broke(IOException e) {
        return new MachineException(
                "the SSH connection to %s broke: %s".formatted(target.address(), SshFault.why(e)),
                "run it again: it goes on where it stopped",
                ExitCode.UNREACHABLE,
                e);
    }

    /** sshj reports a connection that ended between two commands as a programming error. */
    private Session session() throws IOException {
        try {
            return client.startSession();
        } catch (IllegalStateException e) {
            throw new IOException("it had ended before the next command", e);
        }
    }

    private ScriptResult finish(
            ShellLoader wrapped,
            Session.Command running,
            LineReader out,
            LineReader err,
            Deadline clock)
            throws IOException, InterruptedException {
        if (!out.awaitEnd(clock) || !err.awaitEnd(clock)) {
            throw new MachineException(
                    "a command on %s did not end within %d s; it last said: %s"
                            .formatted(
                                    target.address(),
                                    clock.total().toSeconds(),
                                    wrapped.clean(new ScriptResult(0, out.text(), err.text()))
                                            .lastWords()),
                    null,
                    ExitCode.ERROR);
        }
        running.join(Math.max(1, clock.left().toMillis()), TimeUnit.MILLISECONDS);
        Integer status = running.getExitStatus();
        if (status != null) {
            return wrapped.clean(new ScriptResult(status, out.text(), err.text()));
        }
        if (running.getExitSignal() != null) {
            return wrapped.clean(
                    new ScriptResult(
                            128 + 9,
                            out.text(),
                            err.text() + "ended by signal " + running.getExitSignal()));
        }
        throw new IOException("it was closed in the middle of a command");
    }

    private static void feed(OutputStream to, byte[] bytes) throws IOException {
        to.write(bytes);
        to.flush();
        to.close();
    }

    private static void send(OutputStream to, char[] password) throws IOException {
        byte[] line = (new String(password) + "\n").getBytes(StandardCharsets.UTF_8);
        to.write(line);
        to.flush();
        Arrays.fill(line, (byte) 0);
    }

    @Override
    public void close() {
        try {
            client.disconnect();
        } catch (IOException | RuntimeException e) {
            // The connection is already closed.
        }
    }
}
