package dev.machine.swarm.http;

import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A socket file that only its owner may use, so it needs no TLS. It is created in a temporary
 * folder and moved to its place when its mode is right, so that nobody else can connect before.
 */
final class UnixListener implements Listener {
    private final ServerSocketChannel listener;
    private final Path path;
    private final @Nullable Object key;

    private UnixListener(ServerSocketChannel listener, Path path) throws IOException {
        this.listener = listener;
        this.path = path;
        this.key = key(path);
    }

    /**
     * Listens on a socket file; one that a dead process has left is replaced.
     *
     * @throws MachineException if another process listens there, or something else has that name
     */
    static UnixListener at(Path path) {
        try {
            checkFree(path);
            return new UnixListener(bind(path), path);
        } catch (IOException e) {
            throw new MachineException(
                    "cannot listen on unix://" + path + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static void checkFree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new MachineException(
                    "cannot listen on unix://" + path + ": there is a file of that name",
                    "move it away or choose another path",
                    ExitCode.ERROR);
        }
        if (answers(path)) {
            throw new MachineException(
                    "cannot listen on unix://" + path + ": another process listens there",
                    "end it or choose another path",
                    ExitCode.ERROR);
        }
    }

    private static boolean answers(Path path) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static ServerSocketChannel bind(Path path) throws IOException {
        // A short name, because the address of a socket file has at most 107 bytes.
        Path room =
                path.resolveSibling(
                        ".s" + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX));
        Path made = room.resolve("s");
        Files.deleteIfExists(made);
        Files.deleteIfExists(room);
        Files.createDirectory(
                room,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean good = false;
        try {
            channel.bind(UnixDomainSocketAddress.of(made), BACKLOG);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
            good = true;
            return channel;
        } finally {
            if (!good) {
                channel.close();
                Files.deleteIfExists(made);
            }
            Files.deleteIfExists(room);
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    @Override
    public SocketAddress address() {
        return UnixDomainSocketAddress.of(path);
    }

    @Override
    public Socket accept() throws IOException {
        return new UnixSocket(listener.accept());
    }

    @Override
    public Socket open(Socket accepted) {
        return accepted;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key, key(path))) {
            Files.delete(path);
        }
    }
}
