package dev.machine.swarm;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.PidLock;
import dev.machine.common.SteadyClock;
import dev.machine.swarm.api.ApiServices;
import dev.machine.swarm.api.DockerApi;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.create.CreateHandler;
import dev.machine.swarm.discovery.Discovery;
import dev.machine.swarm.discovery.EngineAddress;
import dev.machine.swarm.discovery.Members;
import dev.machine.swarm.discovery.PemFiles;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineEnvironment;
import dev.machine.swarm.engine.EngineTimings;
import dev.machine.swarm.http.Admission;
import dev.machine.swarm.http.ConnectionLimits;
import dev.machine.swarm.http.Deadlines;
import dev.machine.swarm.http.HttpServer;
import dev.machine.swarm.image.EnginePulls;
import dev.machine.swarm.image.Pulls;
import dev.machine.swarm.image.SwarmImages;
import dev.machine.swarm.network.NetworkMaker;
import dev.machine.swarm.network.SwarmNetworks;
import dev.machine.swarm.schedule.NameRegistry;
import dev.machine.swarm.schedule.Nodes;
import dev.machine.swarm.schedule.Scheduler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running endpoint: it serves the Docker Engine API over mutual TLS and answers from all engines
 * of a swarm. It stores nothing on disk, so it can be killed at any time. Errors at the start are
 * {@link MachineException}s; later ones are logged and shown in {@code docker info}.
 */
public final class Endpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final Duration MEMBERS_POLL_INTERVAL = Duration.ofSeconds(1);

    private final Deadlines deadlines = new Deadlines();
    private final Admission admission = new Admission(ConnectionLimits.ofThisProcess());
    private final List<HttpServer> servers = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Cluster cluster;
    private final Discovery discovery;
    private final DockerApi api;
    private final PidLock.@Nullable Held lock;

    private Endpoint(EndpointOptions options, EngineTimings timings, PidLock.@Nullable Held lock) {
        this.lock = lock;
        discovery = options.engines().discovery();
        MemberTls tls = new MemberTls(options.engines().certificate());
        EngineEnvironment environment =
                EngineEnvironment.of(deadlines, timings, InstantSource.system());
        cluster =
                new Cluster(
                        (member, listener) ->
                                new EngineCache(member, tls.of(member), environment, listener),
                        InstantSource.system());
        api = api(options);
    }

    private DockerApi api(EndpointOptions options) {
        EndpointOptions.Scheduling scheduling = options.scheduling();
        EndpointOptions.Images images = options.images();
        RandomGenerator chance = new Random();
        InstantSource clock = InstantSource.system();
        Nodes nodes = new Nodes(cluster, scheduling.overcommit());
        Scheduler scheduler =
                new Scheduler(nodes, scheduling.strategy(), scheduling.filters(), chance);
        NameRegistry names = new NameRegistry(cluster, chance);
        SwarmImages resolver =
                SwarmImages.of(
                        cluster::engines,
                        images.file(),
                        images.table(),
                        images.check(),
                        new SteadyClock());
        Pulls pulls = new EnginePulls(deadlines, EnginePulls.SILENCE);
        SwarmNetworks networks = new SwarmNetworks(cluster);
        NetworkMaker maker = new NetworkMaker();
        CreateHandler creates =
                new CreateHandler(
                        cluster,
                        scheduler,
                        names,
                        resolver,
                        networks,
                        maker,
                        pulls,
                        scheduling.createRetry());
        return new DockerApi(
                new ApiServices(
                        cluster, creates, nodes, scheduler, names, resolver, networks, maker, pulls,
                        clock));
    }

    /**
     * Starts to listen and to follow the engines.
     *
     * @throws MachineException if it runs already, an address is in use, or a certificate cannot be
     *     read
     */
    public static Endpoint start(EndpointOptions options) {
        return start(options, EngineTimings.DEFAULT);
    }

    /** The same with other times for engines. */
    public static Endpoint start(EndpointOptions options, EngineTimings timings) {
        // A handshake costs CPU time, so a client of TLS 1.2 must not be able to ask for one after
        // the other. The JDK reads this property before its first handshake as a server.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        List<ListenAddress> addresses =
                options.listening().hosts().stream().map(ListenAddress::parse).toList();
        if (addresses.isEmpty()) {
            throw new MachineException(
                    "the endpoint has no address to listen on", null, ExitCode.USAGE);
        }
        boolean tcp = addresses.stream().anyMatch(ListenAddress.Tcp.class::isInstance);
        TlsFiles tls = tcp ? tls(options.listening().tls()) : null;
        PidLock.Held lock = options.lock() == null ? null : lock(options.lock());
        Endpoint endpoint = make(options, timings, lock);
        try {
            endpoint.serve(addresses, tls);
            return endpoint;
        } catch (RuntimeException e) {
            endpoint.close();
            throw e;
        }
    }

    private static PidLock.Held lock(Path file) {
        return new PidLock(file)
                .take()
                .orElseThrow(
                        () ->
                                new MachineException(
                                        "this endpoint is already running (" + file + " is locked)",
                                        "stop it first: machine stop NAME",
                                        ExitCode.ERROR));
    }

    private static Endpoint make(
            EndpointOptions options, EngineTimings timings, PidLock.@Nullable Held lock) {
        try {
            return new Endpoint(options, timings, lock);
        } catch (RuntimeException e) {
            if (lock != null) {
                lock.close();
            }
            throw e;
        }
    }

    private static TlsFiles tls(@Nullable PemFiles files) {
        if (files == null) {
            throw new MachineException(
                    "an endpoint on tcp:// is served only to clients with a certificate",
                    "give it a CA, a certificate and its key",
                    ExitCode.USAGE);
        }
        return new TlsFiles(files);
    }

    private void serve(List<ListenAddress> addresses, @Nullable TlsFiles tls) {
        addresses.forEach(address -> servers.add(serve(address, tls)));
        Thread.ofVirtual().name("members").start(this::follow);
        LOG.info("listening on {}", String.join(", ", addresses()));
    }

    private HttpServer serve(ListenAddress address, @Nullable TlsFiles tls) {
        HttpServer.Timings timings = HttpServer.Timings.DEFAULT;
        return switch (address) {
            case ListenAddress.Tcp(InetSocketAddress tcp) ->
                    HttpServer.start(
                            tcp, Objects.requireNonNull(tls), api, deadlines, timings, admission);
            case ListenAddress.Unix(Path path) ->
                    HttpServer.start(path, api, deadlines, timings, admission);
        };
    }

    private void follow() {
        try {
            do {
                look();
            } while (!stopped.await(MEMBERS_POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            Members members = discovery.read();
            if (!closing.get()) {
                cluster.apply(members);
            }
        } catch (IOException | RuntimeException | Error e) {
            // This loop must go on after any error, or no node would ever join or leave again.
            LOG.warn("cannot find out which nodes belong to the swarm: {}", e.toString());
        }
    }

    /** The (first) address it listens on. */
    public SocketAddress address() {
        return servers.getFirst().address();
    }

    /** Every address it listens on, as {@code tcp://127.0.0.1:3376}. */
    public List<String> addresses() {
        return servers.stream().map(server -> text(server.address())).toList();
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress tcp
                ? "tcp://" + new EngineAddress(tcp.getAddress().getHostAddress(), tcp.getPort())
                : "unix://" + address;
    }

    /** Returns when the endpoint has stopped. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Stops the endpoint: running answers get five seconds to end, streams are ended. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        LOG.info("stopping");
        cluster.events().end();
        servers.forEach(HttpServer::close);
        cluster.close();
        deadlines.close();
        if (lock != null) {
            lock.close();
        }
        stopped.countDown();
    }
}
