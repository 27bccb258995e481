package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.machine.swarm.engine.ApiVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A Docker engine without containers behind it, over mutual TLS: it can die, hang, come back, and
 * says what it was asked.
 */
public final class FakeEngine implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HexFormat HEX = HexFormat.of();

    private final TestPki pki;
    private final String name;
    private final Map<String, FakeContainer> containers = new ConcurrentHashMap<>();
    private final List<ObjectNode> images = new CopyOnWriteArrayList<>();
    private final List<LinkedBlockingQueue<String>> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Body> bodies = new ConcurrentHashMap<>();
    private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
    private final List<ObjectNode> past = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final String low;
    private final String high;
    private final FakeCreates creates = new FakeCreates(this);
    private final FakeVolumes volumes = new FakeVolumes(this);
    private final FakeNetworks networks;
    private volatile long memory = 2L << 30;
    private volatile boolean endsEarly;
    private volatile long listLate;
    private volatile boolean detailed;
    private volatile CountDownLatch hang = new CountDownLatch(0);
    private volatile FakeRegistry registry;
    private volatile String[] platform = {"", "x86_64", "arm"};
    private volatile HttpsServer server;
    private volatile int port;
    private volatile java.util.concurrent.ExecutorService workers;

    public FakeEngine(TestPki pki, String name) {
        this(pki, name, "1.24", "1.41");
    }

    public FakeEngine(TestPki pki, String name, String low, String high) {
        this.pki = pki;
        this.name = name;
        this.low = low;
        this.high = high;
        this.networks = new FakeNetworks(this, ApiVersion.parse(high));
        start();
    }

    /** Starts, or comes back on the same port. */
    public void start() {
        try {
            server = HttpsServer.create(new InetSocketAddress("127.0.0.1", port), 100);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        SSLContext tls = pki.context();
        server.setHttpsConfigurator(
                new HttpsConfigurator(tls) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters own = tls.getDefaultSSLParameters();
                        own.setNeedClientAuth(true);
                        parameters.setSSLParameters(own);
                    }
                });
        workers = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
        port = server.getAddress().getPort();
    }

    /** From now on its list of images takes so many milliseconds. */
    public void listsImagesLate(long millis) {
        listLate = millis;
    }

    /** From now on it tells of the end of a container before its list shows it. */
    public void endsEarly() {
        endsEarly = true;
    }

    /** A body of an answer, as long as it likes. */
    @FunctionalInterface
    public interface Body {
        void write(OutputStream out) throws IOException;
    }

    /** From now on it answers a path, without its version, with this. */
    public void says(String path, Body body) {
        bodies.put(path, body);
    }

    /** From now on it answers a path, without its version, by this. */
    public FakeEngine handles(String path, HttpHandler handler) {
        handlers.put(path, handler);
        return this;
    }

    /** From now on it answers a path, without its version, with this. */
    public FakeEngine answers(String path, int status, String body) {
        return handles(path, exchange -> send(exchange, status, body));
    }

    /** From now on it answers a path as it should. */
    public void isGood(String path) {
        bodies.remove(path);
    }

    /** Dies as if by kill -9. */
    public void die() {
        server.stop(0);
        workers.shutdownNow();
        listeners.clear();
    }

    /** Where its images are from. */
    public FakeEngine from(FakeRegistry hub) {
        registry = hub;
        return this;
    }

    /** What it says of itself: Arch of /version, Architecture of /info and the label. */
    public FakeEngine platform(String goarch, String machine, String label) {
        platform = new String[] {goarch, machine, label};
        return this;
    }

    /** The names of its images. */
    public List<String> imageNames() {
        return images.stream()
                .flatMap(image -> image.path("RepoTags").valueStream().map(tag -> tag.asText()))
                .toList();
    }

    /** From now on takes requests and does not answer them. */
    public void hang() {
        hang = new CountDownLatch(1);
    }

    public void unhang() {
        hang.countDown();
    }

    public int port() {
        return port;
    }

    /** What was asked since the start: method, path and query. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    public FakeContainer container(String containerName, String image, long nanoCpus, long memory) {
        String seed = HEX.formatHex((name + "/" + containerName).getBytes(StandardCharsets.UTF_8));
        String id =
                (Integer.toHexString((name + containerName).hashCode()) + seed + "0".repeat(64))
                        .substring(0, 64);
        FakeContainer container = new FakeContainer(id, containerName, image, nanoCpus, memory);
        networks.runsInBridge(container);
        containers.put(id, container);
        event("container", "create", id, containerName);
        return container;
    }

    public void image(String id, String tag, long created) {
        image(id, tag, created, "");
    }

    /**
     * The same, pulled by a digest.
     *
     * @param digest of the list or manifest in the registry; the id itself in the containerd store
     */
    public void image(String id, String tag, long created, String digest) {
        ObjectNode image = JsonNodeFactory.instance.objectNode();
        image.put("Id", id).put("Created", created).put("Size", 1);
        image.putArray("RepoTags").add(tag);
        ArrayNode digests = image.putArray("RepoDigests");
        if (!digest.isEmpty()) {
            digests.add(tag.replaceFirst(":[^:/]*$", "@") + digest);
        }
        images.removeIf(other -> other.path("RepoTags").path(0).asText().equals(tag));
        images.add(image);
        event("image", "pull", tag, tag);
    }

    /** From now on its images have details of their own. */
    public FakeEngine detailed() {
        detailed = true;
        return this;
    }

    /** The id of the image of a name. */
    String imageId(String image, String otherwise) {
        for (ObjectNode entry : images) {
            if (is(entry, image)) {
                return entry.path("Id").asText();
            }
        }
        return otherwise;
    }

    /** Whether a name, an id or the beginning of an id means an image. */
    private static boolean is(ObjectNode entry, String name) {
        String id = entry.path("Id").asText();
        return entry.path("RepoTags").path(0).asText().equals(name)
                || id.equals(name)
                || id.startsWith("sha256:" + name);
    }

    private String details(String name) {
        for (ObjectNode entry : images) {
            if (is(entry, name)) {
                ObjectNode details = entry.deepCopy();
                details.put("Os", "linux").put("Architecture", platform[0]);
                details.putArray("Manifests");
                details.putObject("Metadata")
                        .put(
                                "LastTagTime",
                                java.time.Instant.ofEpochSecond(entry.path("Created").asLong())
                                        .toString());
                return details.toString();
            }
        }
        return "{\"Id\":\"none\"}";
    }

    public void event(String type, String action, String id, String actorName) {
        event(type, action, id, Map.of("name", actorName));
    }

    void event(String type, String action, String id, Map<String, String> attributes) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        java.time.Instant now = java.time.Instant.now();
        if (type.equals("container") || type.equals("image")) {
            event.put("status", action).put("id", id).put("from", "debian");
        }
        event.put("Type", type).put("Action", action);
        ObjectNode told = event.putObject("Actor").put("ID", id).putObject("Attributes");
        new TreeMap<>(attributes).forEach(told::put);
        event.put("scope", "local")
                .put("time", now.getEpochSecond())
                .put("timeNano", now.getEpochSecond() * 1_000_000_000L + now.getNano());
        past.add(event);
        listeners.forEach(listener -> listener.add(event.toString()));
    }

    /** Writes the member file of this engine into a folder, as the provisioner does. */
    public void join(Path folder) {
        join(folder, port);
    }

    /** The same; it is reached by another port. */
    void join(Path folder, int way) {
        try {
            Path temporary = folder.resolve("." + name + ".yaml.tmp");
            Files.writeString(
                    temporary,
                    """
                    schema: 1
                    name: %s
                    address: 127.0.0.1:%d
                    platform: linux/amd64
                    tls: {ca: %s, cert: %s, key: %s}
                    """
                            .formatted(name, way, pki.ca(), pki.cert(), pki.key()));
            Files.move(
                    temporary,
                    folder.resolve(name + ".yaml"),
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** It has as many bytes of memory. */
    public FakeEngine memory(long bytes) {
        memory = bytes;
        return this;
    }

    /** How it makes containers and pulls images. */
    public FakeCreates creates() {
        return creates;
    }

    /** The volumes it has. */
    public FakeVolumes volumes() {
        return volumes;
    }

    /** The networks it has. */
    public FakeNetworks networks() {
        return networks;
    }

    /** The version of the API that a request speaks. */
    ApiVersion version(HttpExchange exchange) {
        String first = exchange.getRequestURI().getPath().split("/")[1];
        return ApiVersion.parse(first.matches("v[0-9.]+") ? first.substring(1) : high);
    }

    /** Why it does not speak a version, in moby's words; null if it does. */
    private String refusal(ApiVersion version) {
        if (version.compareTo(ApiVersion.parse(high)) > 0) {
            return "client version %s is too new. Maximum supported API version is %s"
                    .formatted(version, high);
        }
        return version.compareTo(ApiVersion.parse(low)) < 0
                ? "client version %s is too old. Minimum supported API version is %s"
                        .formatted(version, low)
                : null;
    }

    /** The container of this id, name or beginning of its id, or null. */
    FakeContainer find(String term) {
        FakeContainer begins = null;
        for (FakeContainer container : containers.values()) {
            if (container.id.equals(term) || container.name.equals(term)) {
                return container;
            }
            begins = container.id.startsWith(term) ? container : begins;
        }
        return begins;
    }

    /** The containers it has. */
    public Collection<FakeContainer> containers() {
        return containers.values();
    }

    public String name() {
        return name;
    }

    List<ObjectNode> images() {
        return images;
    }

    void add(FakeContainer container) {
        containers.put(container.id, container);
        event("container", "create", container.id, container.name);
    }

    @Override
    public void close() {
        unhang();
        die();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            hang.await();
            String path = exchange.getRequestURI().getPath();
            if (path.matches("/v[0-9.]+/.*")) {
                path = path.substring(path.indexOf('/', 1));
            }
            String refusal = refusal(version(exchange));
            if (refusal != null) {
                send(exchange, 400, JSON.createObjectNode().put("message", refusal).toString());
                return;
            }
            Body own = bodies.get(path);
            if (own != null) {
                exchange.sendResponseHeaders(200, 0);
                own.write(exchange.getResponseBody());
                return;
            }
            HttpHandler handler = handlers.get(path);
            if (handler != null) {
                handler.handle(exchange);
                return;
            }
            route(exchange, path);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void route(HttpExchange exchange, String path)
            throws IOException, InterruptedException {
        if (registry != null && registry.answers(exchange, path, this)) {
            return;
        }
        if (path.equals("/volumes") || path.startsWith("/volumes/")) {
            volumes.handle(exchange, path);
            return;
        }
        String[] parts = path.substring(1).split("/");
        if (parts[0].equals("networks")) {
            networks.calls().answer(exchange, path);
            return;
        }
        FakeContainer container = parts.length > 1 ? containers.get(parts[1]) : null;
        if (container == null && parts[0].equals("containers") && parts.length > 2) {
            container = link(exchange, parts[1] + "/" + parts[2]);
            if (container != null && exchange.getRequestMethod().equals("DELETE")) {
                send(exchange, 204, "");
                return;
            }
            parts = new String[] {"", "", parts[parts.length - 1]};
        }
        switch (path) {
            case "/_ping" -> send(exchange, 200, "OK");
            case "/version" ->
                    send(
                            exchange,
                            200,
                            "{\"ApiVersion\":\""
                                    + high
                                    + "\",\"MinAPIVersion\":\""
                                    + low
                                    + "\",\"Arch\":\""
                                    + platform[0]
                                    + "\",\"Version\":\"20.10\"}");
            case "/info" -> send(exchange, 200, info());
            case "/events" -> events(exchange);
            case "/containers/json" -> send(exchange, 200, list(exchange));
            case "/containers/create" -> creates.create(exchange);
            case "/images/create" -> creates.pull(exchange);
            case "/system/df" -> volumes.df(exchange);
            case "/images/json" -> {
                TimeUnit.MILLISECONDS.sleep(listLate);
                send(exchange, 200, JSON.writeValueAsString(images));
            }
            default -> {
                if (parts[0].equals("images") && exchange.getRequestMethod().equals("DELETE")) {
                    remove(exchange, path.substring("/images/".length()));
                } else if (detailed && parts[0].equals("images") && path.endsWith("/json")) {
                    send(exchange, 200, details(path.replaceAll("^/images/|/json$", "")));
                } else if (parts[0].equals("exec") && parts.length > 2) {
                    FakeProcesses.exec(exchange, parts[2]);
                } else if (container == null
                        && parts[0].equals("images")
                        && path.endsWith("/json")) {
                    send(exchange, 200, "{\"Id\":\"from " + name + "\"}");
                } else if (container == null) {
                    send(exchange, 404, "{\"message\":\"no such thing: " + path + "\"}");
                } else {
                    container(exchange, container, parts.length > 2 ? parts[2] : "");
                }
            }
        }
    }

    private void remove(HttpExchange exchange, String image) throws IOException {
        boolean gone =
                images.removeIf(
                        one ->
                                one.path("RepoTags")
                                        .path(0)
                                        .asText()
                                        .matches("\\Q" + image + "\\E(:latest)?"));
        if (gone) {
            event("image", "untag", image, image);
        }
        String text = gone ? "[{\"Untagged\":\"%s\"}]" : "{\"message\":\"No such image: %s\"}";
        send(exchange, gone ? 200 : 404, text.formatted(image));
    }

    /** What has this name as a link; loses it if that is asked for. */
    private FakeContainer link(HttpExchange exchange, String name) {
        for (FakeContainer container : containers.values()) {
            if (container.links.contains(name)) {
                if (("" + exchange.getRequestURI().getQuery()).contains("link=1")) {
                    container.links.remove(name);
                }
                return container;
            }
        }
        return null;
    }

    private String info() {
        ObjectNode info = JsonNodeFactory.instance.objectNode();
        ArrayNode drivers = info.putObject("Plugins").putArray("Volume").add("local");
        volumes.drivers().forEach(drivers::add);
        info.put("ID", "ID-" + name)
                .put("NCPU", 2)
                .put("MemTotal", memory)
                .put("ServerVersion", "20.10");
        info.put("Name", name)
                .put("KernelVersion", "6.1")
                .put("OperatingSystem", "Debian")
                .put("OSType", "linux");
        info.put("Driver", "overlay2").put("Architecture", platform[1]);
        ArrayNode labels = info.putArray("Labels").add("provider=aiyara");
        if (!platform[2].isEmpty()) {
            labels.add("architecture=" + platform[2]);
        }
        return info.toString();
    }

    private String list(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        String decoded = query == null ? "" : URLDecoder.decode(query, StandardCharsets.UTF_8);
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (FakeContainer container : containers.values()) {
            String swarmId =
                    container.settings().path("Labels").path("com.docker.swarm.id").asText("none");
            if (!decoded.contains("filters=")
                    || decoded.contains(container.id)
                    || decoded.contains("com.docker.swarm.id=" + swarmId)) {
                ObjectNode summary = container.summary();
                list.add(decoded.contains("size=1") ? summary.put("SizeRw", 7) : summary);
            }
        }
        return list.toString();
    }

    private void container(HttpExchange exchange, FakeContainer container, String action)
            throws IOException, InterruptedException {
        if (FakeProcesses.answers(exchange, container, action)) {
            return;
        }
        switch (action) {
            case "json" -> send(exchange, 200, container.details().toString());
            case "start" -> start(exchange, container);
            case "restart", "unpause" -> change(exchange, container, "running", "start");
            case "stop", "kill" -> change(exchange, container, "exited", "die");
            case "pause" -> change(exchange, container, "paused", "pause");
            case "logs" -> logs(exchange);
            case "stats" -> {
                String line = "{\"name\":\"/" + container.name + "\",\"n\":1.50,\"read\":\"%d\"}%n";
                send(exchange, 200, line.formatted(1) + line.formatted(2));
            }
            case "rename" -> {
                container.name = exchange.getRequestURI().getQuery().replaceFirst("name=", "");
                change(exchange, container, container.state, "rename");
            }
            case "archive" -> {
                byte[] body = exchange.getRequestBody().readAllBytes();
                send(exchange, 200, "got " + body.length);
            }
            case "" -> {
                remove(container);
                send(exchange, 204, "");
            }
            default -> send(exchange, 404, "{\"message\":\"page not found\"}");
        }
    }

    private void remove(FakeContainer container) {
        networks.stop(container);
        containers.remove(container.id);
        String gone = container.name + "/";
        containers.values().forEach(c -> c.links.removeIf(l -> l.startsWith(gone)));
        event("container", "destroy", container.id, container.name);
    }

    private void start(HttpExchange exchange, FakeContainer container) throws IOException {
        String refusal = networks.start(container);
        if (refusal == null) {
            change(exchange, container, "running", "start");
            if (container.settings().path("HostConfig").path("AutoRemove").asBoolean()) {
                remove(container);
            }
        } else {
            send(exchange, 404, JSON.createObjectNode().put("message", refusal).toString());
        }
    }

    private void change(HttpExchange exchange, FakeContainer container, String state, String action)
            throws IOException {
        container.listed = endsEarly && action.equals("die") ? container.state : null;
        container.state = state;
        event("container", action, container.id, container.name);
        if (state.equals("exited")) {
            networks.stop(container);
        }
        send(exchange, 204, "");
    }

    /** A line at once, then silence until the engine dies or the reader goes. */
    private void logs(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.write("hello\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        if (("" + exchange.getRequestURI().getQuery()).matches(".*follow=(1|[Tt]rue).*")) {
            for (int i = 0; i < 600; i++) {
                TimeUnit.MILLISECONDS.sleep(50);
                out.write('.');
                out.flush();
            }
        }
    }

    private void events(HttpExchange exchange) throws IOException, InterruptedException {
        String query = "" + exchange.getRequestURI().getQuery();
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        if (query.contains("until=")) {
            for (ObjectNode event : new ArrayList<>(past)) {
                out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return;
        }
        LinkedBlockingQueue<String> listener = new LinkedBlockingQueue<>();
        listeners.add(listener);
        out.flush();
        while (true) {
            out.write((listener.take() + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    /** Answers with a text, after the body of the request has been read. */
    public static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
