package dev.machine.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.cli.Main;
import dev.machine.common.AtomicFiles;
import dev.machine.common.Pem;
import dev.machine.e2e.bench.Load.Endpointed;
import dev.machine.e2e.bench.Load.Order;
import dev.machine.e2e.bench.Load.Result;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CertificatePair;
import dev.machine.provisioning.store.Store;
import dev.machine.swarm.testing.load.LoadEngines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * A store whose swarm are fake engines, its endpoint as {@code machine} starts it, and clients:
 * each in a process of its own. Closing ends them and removes the store.
 */
final class Rig implements AutoCloseable {
    static final String IMAGE = LoadEngines.IMAGE;

    /**
     * A create as the docker CLI sends it for {@code docker run -d bench}, without what is empty.
     */
    static final String BODY = body("");

    /** The same of an image that no engine has. */
    static final String MISSING = BODY.replace(IMAGE, "missing:latest");

    static final String PORT_80 =
            "\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"80\"}]},";
    static final String ONE_GIB = "\"Memory\":1073741824,";

    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MASTER = "bench-master";
    private static final Duration TO_COME_UP = Duration.ofSeconds(120);

    private final Path folder;
    private final Store store;
    private final Worker load;
    private final int port;
    private final List<Worker> fakes = new ArrayList<>();
    private JsonNode ports = JSON.createObjectNode();
    private final Caller asking;

    Rig() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("machine-bench-");
        store = new Store(folder.resolve("s"));
        Authority authority = new Authority(store, Clock.systemUTC());
        authority.ensure();
        CertificatePair server = authority.serverCertificate("engines", List.of("127.0.0.1"));
        AtomicFiles.write(folder.resolve("key.pem"), server.key(), AtomicFiles.PRIVATE);
        AtomicFiles.write(folder.resolve("cert.pem"), server.certificate(), AtomicFiles.PUBLIC);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        machine(
                "create",
                "-d",
                "none",
                "--url",
                "tcp://127.0.0.1:" + port,
                "--swarm-master",
                MASTER);
        load = new Worker(Load.class, List.of(cert("ca"), cert("cert"), cert("key")));
        asking =
                new Caller(
                        port,
                        Pem.context(
                                Path.of(cert("ca")), Path.of(cert("cert")), Path.of(cert("key"))));
    }

    private String cert(String name) {
        return store.certs().resolve(name + ".pem").toString();
    }

    static String body(String host) {
        return """
               {"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":false,\
               "AttachStderr":false,"Tty":false,"OpenStdin":false,"StdinOnce":false,"Env":["BENCH=1"],\
               "Cmd":["sleep","infinity"],"Image":"%s","Volumes":{},"WorkingDir":"","Entrypoint":null,\
               "OnBuild":null,"Labels":{"bench":"yes"},"HostConfig":{%s"Binds":null,"ContainerIDFile":"",\
               "LogConfig":{"Type":"","Config":{}},"NetworkMode":"default",\
               "RestartPolicy":{"Name":"no","MaximumRetryCount":0},"AutoRemove":false,"VolumeDriver":"",\
               "VolumesFrom":null,"CapAdd":null,"CapDrop":null,"Dns":[],"DnsOptions":[],"DnsSearch":[],\
               "ExtraHosts":null,"GroupAdd":null,"IpcMode":"","Cgroup":"","Links":null,"OomScoreAdj":0,\
               "PidMode":"","Privileged":false,"PublishAllPorts":false,"ReadonlyRootfs":false,\
               "SecurityOpt":null,"UTSMode":"","UsernsMode":"","ShmSize":0,"ConsoleSize":[0,0],\
               "Isolation":"","CpuShares":0,"NanoCpus":0,"CgroupParent":"","BlkioWeight":0,\
               "Devices":[],"DeviceRequests":null,"MaskedPaths":null,"ReadonlyPaths":null},\
               "NetworkingConfig":{"EndpointsConfig":{}}}\
               """
                .formatted(IMAGE, host);
    }

    /** Ends the engines there are and has as many new ones; the endpoint does not know them yet. */
    void engines(int count) throws IOException {
        fakes.forEach(Worker::close);
        fakes.clear();
        Worker fresh =
                new Worker(
                        LoadEngines.class,
                        List.of(
                                Integer.toString(count),
                                cert("ca"),
                                folder.resolve("cert.pem").toString(),
                                folder.resolve("key.pem").toString()));
        fakes.add(fresh);
        ports = fresh.read();
        Path members = store.members("default");
        if (Files.exists(members)) {
            delete(members);
        }
        Files.createDirectories(members);
        for (int i = 0; i < count; i++) {
            Files.writeString(
                    members.resolve("node-" + i + ".yaml"),
                    """
                    schema: 1
                    name: node-%d
                    address: 127.0.0.1:%d
                    platform: linux/amd64
                    tls: {ca: %s, cert: %s, key: %s}
                    """
                            .formatted(
                                    i,
                                    ports.path("tls").path(i).asInt(),
                                    cert("ca"),
                                    cert("cert"),
                                    cert("key")));
        }
    }

    /** One more engine, of somebody else's. */
    void join(String name, int enginePort) throws IOException {
        Files.writeString(
                store.members("default").resolve(name + ".yaml"),
                """
                schema: 1
                name: %s
                address: 127.0.0.1:%d
                platform: linux/amd64
                tls: {ca: %s, cert: %s, key: %s}
                """
                        .formatted(name, enginePort, cert("ca"), cert("cert"), cert("key")));
    }

    /** What an engine of the swarm shows to the endpoint. */
    SSLContext engineTls() {
        return Pem.context(
                Path.of(cert("ca")), folder.resolve("cert.pem"), folder.resolve("key.pem"));
    }

    /** What a client of the endpoint shows to it. */
    SSLContext clientTls() {
        return Pem.context(Path.of(cert("ca")), Path.of(cert("cert")), Path.of(cert("key")));
    }

    /** Where the endpoint listens. */
    int port() {
        return port;
    }

    /**
     * Starts the endpoint anew; returns the seconds from the start of its process until all engines
     * are ready.
     */
    double restart(int engines) throws IOException, InterruptedException {
        return restart(
                engines,
                () -> {
                    machine("start", MASTER);
                    return null;
                });
    }

    /** Starts the endpoint anew with one flag of its JVM changed. */
    void restartWith(String flag, String other, int engines)
            throws IOException, InterruptedException {
        String line = Files.readString(Path.of("/proc/" + endpoint() + "/cmdline"));
        List<String> command = new ArrayList<>(List.of(line.split("\0")));
        if (!command.remove(flag)) {
            throw new IOException("the endpoint runs without " + flag);
        }
        command.add(1, other);
        restart(
                engines,
                () ->
                        new ProcessBuilder(command)
                                .directory(store.base().toFile())
                                .redirectErrorStream(true)
                                .redirectOutput(folder.resolve("said").toFile())
                                .start());
    }

    private double restart(int engines, Callable<?> start)
            throws IOException, InterruptedException {
        machine("stop", MASTER);
        asking.close();
        FutureTask<?> starting = new FutureTask<>(start);
        Thread.ofVirtual().start(starting);
        long end = System.nanoTime() + TO_COME_UP.toNanos();
        for (long ready = healthy(); ready < engines; ready = healthy()) {
            if (System.nanoTime() > end || failed(starting)) {
                throw new IOException(
                        "only " + ready + " of " + engines + " engines are ready; " + said());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        double ready = Proc.uptime() - Proc.began(endpoint());
        return ready;
    }

    private static boolean failed(FutureTask<?> task) {
        return task.state() == Future.State.FAILED;
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private long healthy() {
        try {
            JsonNode info = JSON.readTree(asking.call("GET", "/v1.41/info", "").body());
            return Stream.iterate(0, i -> i < info.path("SystemStatus").size(), i -> i + 1)
                    .filter(
                            i ->
                                    info.path("SystemStatus")
                                            .path(i)
                                            .path(1)
                                            .asText()
                                            .equals("Healthy"))
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Runs a command of {@code machine} on the rig's store. */
    void machine(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-XX:+UseSerialGC", "-cp"));
        command.addAll(List.of(System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("--storage-path", store.base().toString()));
        command.addAll(List.of(words));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile())
                        .start();
        if (!process.waitFor(TO_COME_UP.toSeconds(), TimeUnit.SECONDS)
                || process.exitValue() != 0) {
            process.destroy();
            throw new IOException(String.join(" ", words) + ": " + said());
        }
    }

    Endpointed through() {
        return new Endpointed(List.of(port), true);
    }

    Endpointed direct(boolean tls) {
        JsonNode own = ports.path(tls ? "tls" : "plain");
        return new Endpointed(
                IntStream.range(0, own.size()).map(i -> own.path(i).asInt()).boxed().toList(), tls);
    }

    /** Gives the engines an order; the answer is what they hold and were asked. */
    JsonNode fakes(Map<String, ?> order) throws IOException {
        return fakes.getFirst().ask(order);
    }

    /** Empties the engines, and waits until the endpoint has seen it. */
    void clear() throws IOException, InterruptedException {
        Map<String, Object> clear = Map.of("clear", true, "createDelay", 0, "pullDelay", 0);
        fakes(clear);
        known(0);
        fakes(clear);
    }

    /** Waits until the endpoint knows so many containers. */
    void known(int containers) throws IOException, InterruptedException {
        long end = System.nanoTime() + TO_COME_UP.toNanos();
        while (ask("/v1.41/info").path("Containers").asInt() != containers) {
            if (System.nanoTime() > end) {
                throw new IOException(
                        "the endpoint does not come to know " + containers + " containers");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    Result load(Order order) throws IOException {
        return JSON.treeToValue(load.ask(order), Result.class);
    }

    JsonNode ask(String path) throws IOException {
        return JSON.readTree(asking.call("GET", path, "").body());
    }

    /** The endpoint's process. */
    long endpoint() throws IOException {
        return Long.parseLong(
                Files.readString(store.machine(MASTER).resolve("endpoint.lock")).strip());
    }

    long fakesPid() {
        return fakes.getFirst().pid();
    }

    long loadPid() {
        return load.pid();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            machine("stop", MASTER);
        } finally {
            load.close();
            fakes.forEach(Worker::close);
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
