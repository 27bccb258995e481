package dev.machine.swarm.api;

import static dev.machine.swarm.api.Route.AnsweredBy.ALL_NODES;
import static dev.machine.swarm.api.Route.AnsweredBy.ENDPOINT;
import static dev.machine.swarm.api.Route.AnsweredBy.ONE_NODE;
import static dev.machine.swarm.api.Unsupported.NOT_A_MANAGER;
import static dev.machine.swarm.api.Unsupported.NOT_IN_A_SWARM;
import static dev.machine.swarm.api.Unsupported.NOT_YET;
import static dev.machine.swarm.api.Unsupported.NO_PLUGIN_CHANGES;
import static dev.machine.swarm.api.Unsupported.NO_SWARM_MODE;
import static dev.machine.swarm.api.Unsupported.NO_WEBSOCKET;

import dev.machine.swarm.api.Route.Body;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.image.SwarmImages;
import dev.machine.swarm.volume.VolumeCreator;
import dev.machine.swarm.volume.VolumeLocator;
import java.time.InstantSource;
import java.util.List;

/** Every call of the Engine API that is served, or refused with a reason, in one list. */
final class Routes {
    private static final String ANY = "GET|HEAD|POST|PUT|DELETE";

    private Routes() {}

    /** All routes; where several match a request, the first one is taken. */
    static List<Route> all(ApiServices services) {
        Cluster cluster = services.cluster();
        SwarmImages images = services.images();
        InstantSource clock = services.clock();
        ContainerLocator locator = new ContainerLocator(cluster);
        SystemCalls system =
                new SystemCalls(cluster, services.nodes(), services.scheduler(), images, clock);
        EventCalls events = new EventCalls(cluster, clock);
        DiskUsage usage = new DiskUsage(cluster);
        RegistryCalls registry = new RegistryCalls(cluster);
        PluginCalls plugins = new PluginCalls(cluster);
        ContainerList list = new ContainerList(cluster, clock);
        ContainerCalls containers = new ContainerCalls(locator, services.names());
        PruneCalls prune = new PruneCalls(cluster);
        ExecCalls execs = new ExecCalls(locator, new ExecLocator(cluster));
        ImageCalls imageCalls = new ImageCalls(cluster, images);
        ImageList imageList = new ImageList(cluster);
        ImageDetails details = new ImageDetails(cluster, images);
        ImagePull pull = new ImagePull(cluster, images, services.pulls());
        NetworkLocator networkLocator = new NetworkLocator(cluster, services.networks());
        NetworkCalls networks = new NetworkCalls(cluster, services.networks(), networkLocator);
        NetworkMembers members =
                new NetworkMembers(networkLocator, services.networkMaker(), locator);
        NetworkCreate networkCreate =
                new NetworkCreate(cluster, services.networks(), services.scheduler());
        NetworkPrune networkPrune = new NetworkPrune(cluster, services.networks(), clock);
        VolumeLocator volumeLocator = new VolumeLocator(cluster);
        VolumeList volumeList = new VolumeList(cluster, volumeLocator);
        VolumeCalls volumes =
                new VolumeCalls(
                        volumeLocator, new VolumeCreator(volumeLocator, services.scheduler()));
        VolumePrune volumePrune = new VolumePrune(cluster);
        return List.of(
                Route.of("GET|HEAD", "/_ping", ENDPOINT, system::ping),
                Route.of("GET", "/version", ENDPOINT, system::version),
                Route.of("GET", "/info", ALL_NODES, system::info),
                Route.of("GET", "/events", ALL_NODES, events::events),
                Route.of("GET", "/system/df", ALL_NODES, usage::df),
                Route.of("POST", "/auth", ONE_NODE, registry::login).body(Body.STREAMED),
                Route.of("GET", "/distribution/**/json", ONE_NODE, registry::distribution),
                // Containers
                Route.of("GET", "/containers/json", ALL_NODES, list::list),
                Route.of("GET", "/containers/ps", ALL_NODES, list::list),
                Route.of("POST", "/containers/prune", ALL_NODES, prune::containers),
                Route.of(
                        "POST",
                        "/containers/create",
                        ONE_NODE,
                        call ->
                                services.creates()
                                        .create(call.request(), call.target(), call.version())),
                Route.of("GET", "/containers/**/json", ONE_NODE, containers::inspect),
                Route.of("GET", "/containers/**/logs", ONE_NODE, containers::pass),
                Route.of("GET", "/containers/**/top", ONE_NODE, containers::pass),
                Route.of("GET", "/containers/**/stats", ONE_NODE, containers::stats),
                Route.of("GET", "/containers/**/changes", ONE_NODE, containers::pass),
                Route.of("GET", "/containers/**/export", ONE_NODE, containers::pass),
                Route.of("GET|HEAD", "/containers/**/archive", ONE_NODE, containers::pass),
                Route.of("PUT", "/containers/**/archive", ONE_NODE, containers::pass)
                        .body(Body.STREAMED),
                Route.of("POST", "/containers/**/wait", ONE_NODE, containers::await),
                Route.of("POST", "/containers/**/resize", ONE_NODE, containers::pass),
                Route.of("POST", "/containers/**/start", ONE_NODE, containers::change),
                Route.of("POST", "/containers/**/stop", ONE_NODE, containers::change),
                Route.of("POST", "/containers/**/restart", ONE_NODE, containers::change),
                Route.of("POST", "/containers/**/kill", ONE_NODE, containers::change),
                Route.of("POST", "/containers/**/pause", ONE_NODE, containers::change),
                Route.of("POST", "/containers/**/unpause", ONE_NODE, containers::change),
                Route.of("POST", "/containers/**/update", ONE_NODE, containers::change),
                Route.of("POST", "/containers/**/rename", ONE_NODE, containers::rename),
                Route.of("DELETE", "/containers/**", ONE_NODE, containers::remove),
                // An engine takes what it has not read of a body for raw input.
                Route.of("POST", "/containers/**/attach", ONE_NODE, containers::attach)
                        .body(Body.DROPPED)
                        .hijacking(),
                Route.refused("GET", "/containers/**/attach/ws", 501, NO_WEBSOCKET),
                Route.refused(ANY, "/containers/prune", 501, NOT_YET),
                // Commands in containers
                Route.of("POST", "/containers/**/exec", ONE_NODE, execs::create),
                Route.of("GET", "/exec/*/json", ONE_NODE, execs::pass),
                Route.of("POST", "/exec/*/resize", ONE_NODE, execs::pass),
                Route.of("POST", "/exec/*/start", ONE_NODE, execs::start).hijacking(),
                // Images
                Route.of("GET", "/images/json", ALL_NODES, imageList::list),
                Route.of("POST", "/images/create", ALL_NODES, pull::pull).body(Body.STREAMED),
                Route.of("POST", "/images/prune", ALL_NODES, imageCalls::prune),
                Route.of("GET", "/images/**/json", ONE_NODE, details::inspect),
                Route.of("GET", "/images/**/history", ONE_NODE, details::history),
                Route.of("POST", "/images/**/tag", ALL_NODES, imageCalls::tag),
                Route.of("POST", "/images/**/push", ONE_NODE, imageCalls::push),
                Route.of("DELETE", "/images/**", ALL_NODES, imageCalls::remove),
                Route.refused(ANY, "/images/load", 501, NOT_YET),
                Route.refused(ANY, "/images/search", 501, NOT_YET),
                Route.refused(ANY, "/images/get", 501, NOT_YET),
                Route.refused(ANY, "/images/**/get", 501, NOT_YET),
                Route.refused(ANY, "/images/**", 501, NOT_YET),
                // Networks
                Route.of("GET", "/networks", ALL_NODES, networks::list),
                Route.of("POST", "/networks/create", ONE_NODE, networkCreate::create),
                Route.of("POST", "/networks/prune", ALL_NODES, networkPrune::prune),
                Route.of("GET", "/networks/**", ALL_NODES, networks::inspect),
                Route.of("DELETE", "/networks/**", ALL_NODES, networks::remove),
                Route.of("POST", "/networks/**/connect", ONE_NODE, members::connect),
                Route.of("POST", "/networks/**/disconnect", ONE_NODE, members::disconnect),
                // Volumes
                Route.of("GET", "/volumes", ALL_NODES, volumeList::list),
                Route.of("POST", "/volumes/create", ONE_NODE, volumes::create),
                Route.of("POST", "/volumes/prune", ALL_NODES, volumePrune::prune),
                Route.of("GET", "/volumes/**", ONE_NODE, volumes::inspect),
                Route.of("DELETE", "/volumes/**", ONE_NODE, volumes::remove),
                Route.refused("PUT", "/volumes/**", 503, NOT_A_MANAGER),
                // Not served
                Route.of("POST", "/build/prune", ALL_NODES, prune::buildCache),
                Route.refused(ANY, "/build", 501, NOT_YET),
                Route.refused(ANY, "/build/**", 501, NOT_YET),
                Route.refused(ANY, "/commit", 501, NOT_YET),
                Route.refused(ANY, "/session", 501, NOT_YET),
                // Swarm mode
                Route.refused("POST", "/swarm/init", 501, NO_SWARM_MODE),
                Route.refused("POST", "/swarm/join", 501, NO_SWARM_MODE),
                Route.refused("POST", "/swarm/leave", 503, NOT_IN_A_SWARM),
                Route.refused(ANY, "/swarm", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/swarm/**", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/nodes", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/nodes/**", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/services", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/services/**", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/tasks", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/tasks/**", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/secrets", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/secrets/**", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/configs", 503, NOT_A_MANAGER),
                Route.refused(ANY, "/configs/**", 503, NOT_A_MANAGER),
                // Plugins
                Route.of("GET", "/plugins", ALL_NODES, plugins::list),
                Route.refused("GET", "/plugins/**", 404, NO_PLUGIN_CHANGES),
                Route.refused(ANY, "/plugins/**", 501, NO_PLUGIN_CHANGES));
    }
}
