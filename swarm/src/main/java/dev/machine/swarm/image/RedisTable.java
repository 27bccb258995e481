package dev.machine.swarm.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Reads the table in Redis once, over its own connection. The library reads through a {@link
 * RespGuard}. A caller that does not want to wait longer closes this from another thread.
 */
final class RedisTable implements AutoCloseable {
    private static final String PREFIX = "multifarious:";
    private static final int DEFAULT_PORT = 6379;
    private static final int MAX_NAMES = 10_000;

    private final URI address;
    private final Duration silence;
    private @Nullable Socket socket;
    private boolean closed;

    /**
     * @param silence the longest time for the connection, and for each answer to begin
     */
    RedisTable(URI address, Duration silence) {
        this.address = address;
        this.silence = silence;
    }

    /**
     * The whole table: image by name and field.
     *
     * @throws JedisException if the table cannot be read; the library also throws other exceptions,
     *     for answers of an unexpected type
     */
    Map<String, Map<String, String>> load() {
        try (Jedis redis = new Jedis(this::connect)) {
            return load(redis);
        }
    }

    /** Closes the connection; a thread that waits for an answer gets an exception. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // There is nothing to do about a socket that fails to close.
        }
    }

    private Socket connect() {
        int port = address.getPort() < 0 ? DEFAULT_PORT : address.getPort();
        int time = Math.toIntExact(silence.toMillis());
        IOException last = null;
        try {
            for (InetAddress host : InetAddress.getAllByName(address.getHost())) {
                Socket next = take(new GuardedSocket());
                try {
                    next.connect(new InetSocketAddress(host, port), time);
                    next.setSoTimeout(time);
                    next.setTcpNoDelay(true);
                    return next;
                } catch (IOException e) {
                    next.close();
                    last = e;
                }
            }
        } catch (IOException e) {
            last = e;
        }
        throw new JedisConnectionException(last);
    }

    private synchronized Socket take(Socket next) throws IOException {
        if (closed) {
            throw new IOException("the fetch was cancelled");
        }
        socket = next;
        return next;
    }

    private Map<String, Map<String, String>> load(Jedis redis) {
        String path = address.getPath();
        if (path.length() > 1) {
            redis.select(Integer.parseInt(path.substring(1)));
        }
        Map<String, Map<String, String>> table = new HashMap<>();
        ScanParams wanted = new ScanParams().match(PREFIX + "*").count(1000);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> page = redis.scan(cursor, wanted, "hash");
            cursor = page.getCursor();
            List<String> keys = page.getResult();
            if (table.size() + keys.size() > MAX_NAMES) {
                throw new JedisException("it has more than " + MAX_NAMES + " names");
            }
            if (keys.stream().anyMatch(key -> !key.startsWith(PREFIX))) {
                throw new JedisException("it answers with a name that was not asked for");
            }
            add(redis, keys, table);
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return table;
    }

    private static void add(
            Jedis redis, List<String> keys, Map<String, Map<String, String>> table) {
        try (var pipeline = redis.pipelined()) {
            Map<String, Response<Map<String, String>>> answers = new HashMap<>();
            keys.forEach(key -> answers.put(key, pipeline.hgetAll(key)));
            pipeline.sync();
            answers.forEach(
                    (key, answer) -> {
                        if (!answer.get().isEmpty()) {
                            table.put(key.substring(PREFIX.length()), Map.copyOf(answer.get()));
                        }
                    });
        }
    }

    private static final class GuardedSocket extends Socket {
        @Override
        public InputStream getInputStream() throws IOException {
            return new RespGuard(super.getInputStream());
        }
    }
}
