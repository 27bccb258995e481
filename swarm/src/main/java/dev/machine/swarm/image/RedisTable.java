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
 * One reading of the table in Redis over a connection of its own. The library reads behind a {@link
 * RespGuard}; who waits too long closes the connection from another thread.
 */
final class RedisTable implements AutoCloseable {
    private static final String PREFIX = "multifarious:";
    private static final int PORT = 6379;
    private static final int MAX_NAMES = 10_000;

    private final URI address;
    private final Duration patience;
    private @Nullable Socket socket;
    private boolean closed;

    /**
     * @param patience with the connection and with each silence
     */
    RedisTable(URI address, Duration patience) {
        this.address = address;
        this.patience = patience;
    }

    /**
     * All of it: name, then field, then image.
     *
     * @throws JedisException if Redis says or does anything else; the library throws other
     *     exceptions too where an answer is of another type than its question
     */
    Map<String, Map<String, String>> load() {
        try (Jedis redis = new Jedis(this::connect)) {
            return load(redis);
        }
    }

    /** Ends the connection; a thread that waits for it gets an exception. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // Closed is closed.
        }
    }

    private Socket connect() {
        int port = address.getPort() < 0 ? PORT : address.getPort();
        int time = Math.toIntExact(patience.toMillis());
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
            throw new IOException("it was given up");
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
                throw new JedisException("it answers with a name that was not asked");
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
