package dev.machine.swarm.testing.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.Pem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Engines without containers behind them, in a process of their own: each on two ports of the
 * loopback, one with TLS and client certificates, one plain. Arguments: how many, CA, certificate,
 * key, and how many of them are ARM boards, the last ones (none if it is left out). It first prints
 * a line of JSON with the ports, then answers each line of its input (a JSON object, see {@link
 * #obey}) by one, and ends with its input.
 */
public final class LoadEngines {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The image that every engine has. */
    public static final String IMAGE = "bench:latest";

    private static final int BACKLOG = 1024;

    private final List<LoadEngine> engines = new ArrayList<>();
    private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> pulls = new ConcurrentHashMap<>();
    private volatile long createDelay;
    private volatile long pullDelay;

    private LoadEngines() {}

    public static void main(String[] arguments) throws Exception {
        LoadEngines fakes = new LoadEngines();
        SSLContext tls =
                Pem.context(Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]));
        ObjectNode ports = JsonNodeFactory.instance.objectNode();
        int count = Integer.parseInt(arguments[0]);
        int boards = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 0;
        for (int i = 0; i < count; i++) {
            LoadEngine engine = new LoadEngine("node-" + i, i >= count - boards);
            fakes.engines.add(engine);
            InetAddress loopback = InetAddress.getLoopbackAddress();
            SSLServerSocket secure =
                    (SSLServerSocket)
                            tls.getServerSocketFactory().createServerSocket(0, BACKLOG, loopback);
            secure.setNeedClientAuth(true);
            ports.withArray("tls").add(fakes.serve(secure, engine));
            ports.withArray("plain")
                    .add(fakes.serve(new ServerSocket(0, BACKLOG, loopback), engine));
        }
        System.out.println(ports);
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(fakes.obey(JSON.readTree(line)));
        }
        System.exit(0);
    }

    private int serve(ServerSocket socket, LoadEngine engine) {
        Thread.ofVirtual().start(() -> accept(socket, engine));
        return socket.getLocalPort();
    }

    private void accept(ServerSocket socket, LoadEngine engine) {
        while (true) {
            try {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                Thread.ofVirtual().start(new LoadConnection(client, engine, this));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * {@code createDelay}, {@code pullDelay}: from now on in ms; {@code fill}: containers more on
     * each engine, made by {@code body}; {@code clear}: no containers, no counts. The answer is
     * what there is and what was asked since the last clear.
     */
    private JsonNode obey(JsonNode order) throws IOException {
        createDelay = order.path("createDelay").asLong(createDelay);
        pullDelay = order.path("pullDelay").asLong(pullDelay);
        if (order.path("clear").asBoolean()) {
            engines.forEach(LoadEngine::clear);
            calls.clear();
            pulls.clear();
        }
        for (LoadEngine engine : engines) {
            engine.fill(
                    order.path("fill").asInt(),
                    order.path("body").asText().getBytes(StandardCharsets.UTF_8));
        }
        return counts();
    }

    private ObjectNode counts() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("containers", engines.stream().mapToInt(LoadEngine::count).sum());
        json.put("most", engines.stream().mapToInt(LoadEngine::count).max().orElse(0));
        json.put("least", engines.stream().mapToInt(LoadEngine::count).min().orElse(0));
        json.put("names", engines.stream().flatMap(e -> e.names().stream()).distinct().count());
        json.put("mostMemory", engines.stream().mapToLong(LoadEngine::promised).max().orElse(0));
        json.put("pulls", pulls.values().stream().mapToLong(LongAdder::sum).sum());
        json.put("mostPulls", pulls.values().stream().mapToLong(LongAdder::sum).max().orElse(0));
        ObjectNode asked = json.putObject("calls");
        new TreeMap<>(calls).forEach((kind, count) -> asked.put(kind, count.sum()));
        return json;
    }

    void count(String kind) {
        calls.computeIfAbsent(kind, first -> new LongAdder()).increment();
    }

    void pulled(String engine, String image) {
        pulls.computeIfAbsent(engine + " " + image, first -> new LongAdder()).increment();
    }

    long createDelay() {
        return createDelay;
    }

    long pullDelay() {
        return pullDelay;
    }
}
