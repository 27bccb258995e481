package dev.machine.swarm;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where the endpoint listens: {@code tcp://HOST:PORT} or {@code unix:///PATH}. */
sealed interface ListenAddress {
    /** A TCP address; served with TLS. */
    record Tcp(InetSocketAddress address) implements ListenAddress {}

    /** A socket file. */
    record Unix(Path path) implements ListenAddress {}

    /**
     * Reads an address as a user writes it.
     *
     * @throws MachineException if the text is neither, or the host is not known
     */
    static ListenAddress parse(String text) {
        if (text.startsWith("unix://")) {
            return unix(text);
        }
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new MachineException("bad address to listen on: " + text, e);
        }
        if (!"tcp".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
            throw bad(text);
        }
        String host = uri.getHost();
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        InetSocketAddress address = new InetSocketAddress(name, uri.getPort());
        if (address.isUnresolved()) {
            throw new MachineException("the host name of " + text + " is not known");
        }
        return new Tcp(address);
    }

    private static ListenAddress unix(String text) {
        try {
            Path path = Path.of(text.substring("unix://".length()));
            if (!path.isAbsolute() || path.getFileName() == null) {
                throw bad(text);
            }
            return new Unix(path);
        } catch (InvalidPathException e) {
            throw new MachineException("bad address to listen on: " + text, e);
        }
    }

    private static MachineException bad(String text) {
        return new MachineException(
                "bad address to listen on: " + text,
                "write it as tcp://127.0.0.1:3376 or unix:///run/machine.sock",
                ExitCode.USAGE);
    }
}
