package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.engine.Container;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.Response;
import dev.machine.swarm.image.SwarmImages;
import dev.machine.swarm.schedule.Node;
import dev.machine.swarm.schedule.Nodes;
import dev.machine.swarm.schedule.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;

/**
 * Calls about the endpoint and the swarm as a whole: {@code /_ping}, {@code /version}, {@code
 * /info}.
 */
final class SystemCalls {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final String VERSION = "machine/0.1";

    private final Cluster cluster;
    private final Nodes nodes;
    private final Scheduler scheduler;
    private final SwarmImages images;
    private final InstantSource clock;

    SystemCalls(
            Cluster cluster,
            Nodes nodes,
            Scheduler scheduler,
            SwarmImages images,
            InstantSource clock) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.scheduler = scheduler;
        this.images = images;
        this.clock = clock;
    }

    Response ping(Call call) {
        Headers headers =
                Headers.of("Cache-Control", "no-cache, no-store, must-revalidate")
                        .with("Pragma", "no-cache")
                        .with("Builder-Version", "1")
                        .with("Swarm", "inactive")
                        .with("Content-Type", "text/plain; charset=utf-8");
        return new Response(200, headers, Response.text(200, "OK").body());
    }

    Response version(Call call) throws IOException {
        ObjectNode version = JsonNodeFactory.instance.objectNode();
        version.putObject("Platform").put("Name", "machine swarm");
        ArrayNode components = version.putArray("Components");
        ObjectNode engine = components.addObject().put("Name", "Engine").put("Version", VERSION);
        engine.putObject("Details")
                .put("ApiVersion", DockerApi.NEWEST.toString())
                .put("MinAPIVersion", DockerApi.OLDEST.toString())
                .put("Os", "linux")
                .put("Arch", architecture())
                .put("KernelVersion", System.getProperty("os.version", ""));
        version.put("Version", VERSION)
                .put("ApiVersion", DockerApi.NEWEST.toString())
                .put("MinAPIVersion", DockerApi.OLDEST.toString())
                .put("GitCommit", "")
                .put("GoVersion", "none: Java " + Runtime.version().feature())
                .put("Os", "linux")
                .put("Arch", architecture())
                .put("KernelVersion", System.getProperty("os.version", ""))
                .put("BuildTime", "");
        return Response.json(200, JSON.writeValueAsBytes(version));
    }

    private static String architecture() {
        return System.getProperty("os.arch", "");
    }

    Response info(Call call) throws IOException {
        cluster.awaitFresh();
        ObjectNode info = JsonNodeFactory.instance.objectNode();
        info.put("ID", "").put("Name", hostName()).put("ServerVersion", VERSION);
        count(info);
        info.set("SystemStatus", new StatusLines(cluster, nodes, scheduler, clock).lines());
        info.put("SystemTime", clock.instant().toString());
        info.put("OperatingSystem", "linux")
                .put("OSType", "linux")
                .put("Architecture", architecture());
        info.put("KernelVersion", System.getProperty("os.version", ""));
        info.putObject("Swarm")
                .put("LocalNodeState", "inactive")
                .put("NodeID", "")
                .put("NodeAddr", "")
                .put("ControlAvailable", false)
                .put("Error", "")
                .putNull("RemoteManagers");
        ObjectNode plugins = info.putObject("Plugins");
        List.of("Volume", "Network", "Authorization", "Log").forEach(plugins::putArray);
        info.put("MemoryLimit", true)
                .put("SwapLimit", true)
                .put("CpuCfsPeriod", true)
                .put("CpuCfsQuota", true);
        info.put("CPUShares", true)
                .put("CPUSet", true)
                .put("PidsLimit", true)
                .put("OomKillDisable", true);
        info.put("IPv4Forwarding", true)
                .put("BridgeNfIptables", true)
                .put("BridgeNfIp6tables", true);
        info.put("ExperimentalBuild", false).put("Debug", false).put("LiveRestoreEnabled", false);
        info.put("IndexServerAddress", "https://index.docker.io/v1/");
        info.putArray("Labels");
        ArrayNode warnings = info.putArray("Warnings");
        String error = images.error();
        if (error != null) {
            warnings.add("WARNING: " + error);
        }
        return Response.json(200, JSON.writeValueAsBytes(info));
    }

    private void count(ObjectNode info) {
        int running = 0;
        int paused = 0;
        int all = 0;
        int imageCount = 0;
        long cpus = 0;
        long memory = 0;
        for (EngineCache engine : cluster.engines()) {
            for (Container container : engine.containers().all()) {
                all++;
                running += container.run().state().equals("running") ? 1 : 0;
                paused += container.run().state().equals("paused") ? 1 : 0;
            }
            imageCount += engine.images().size();
            Node node = nodes.of(engine);
            cpus += node.nanoCpus() / Node.NANO;
            memory += node.memory();
        }
        info.put("Containers", all)
                .put("ContainersRunning", running)
                .put("ContainersPaused", paused)
                .put("ContainersStopped", all - running - paused)
                .put("Images", imageCount)
                .put("NCPU", cpus)
                .put("MemTotal", memory);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
