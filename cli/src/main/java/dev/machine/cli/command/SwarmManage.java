package dev.machine.cli.command;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.lifecycle.EndpointLock;
import dev.machine.store.MachineRecord;
import dev.machine.store.Store;
import dev.machine.store.SwarmSettings;
import dev.machine.swarm.Endpoint;
import dev.machine.swarm.EndpointOptions;
import dev.machine.swarm.discovery.MemberFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code machine swarm manage}: serves a swarm in the foreground. With {@code --master} everything
 * comes from that machine's record; that is how {@code machine start} calls it.
 */
public final class SwarmManage implements Verb {
    private static final String ADDRESS = "tcp://127.0.0.1:3376";

    @Override
    public CommandSpec spec() {
        return Options.command("swarm manage", "Serve a swarm's endpoint in the foreground.")
                .addOption(
                        Options.values("URL", "where to listen (" + ADDRESS + ")", "-H", "--host"))
                .addOption(
                        Options.flag(
                                "accepted; an endpoint always asks for certificates",
                                "--tls",
                                "--tlsverify"))
                .addOption(Options.value("FILE", "the CA of clients and engines", "--tlscacert"))
                .addOption(Options.value("FILE", "the endpoint's certificate", "--tlscert"))
                .addOption(Options.value("FILE", "its key", "--tlskey"))
                .addOption(Options.value("STRATEGY", "spread, binpack or random", "--strategy"))
                .addOption(
                        Options.value(
                                "NAME",
                                "address, certificates and strategy of this machine",
                                "--master"))
                .addPositional(
                        Options.words(
                                "DISCOVERY", "folder of member files; default: the store's swarm"));
    }

    @Override
    public int run(Invocation call) {
        Logging.level(call.globals().debug() ? "debug" : "info");
        Endpoint endpoint = Endpoint.start(options(call));
        Runtime.getRuntime().addShutdownHook(new Thread(endpoint::close, "drain"));
        call.tell("listening on " + endpoint.address());
        try {
            endpoint.awaitStop();
            return ExitCode.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    static EndpointOptions options(Invocation call) {
        Store store = call.services().store();
        Optional<String> master = call.value("--master");
        return master.isPresent() ? ofMaster(call, store, master.get()) : ofFlags(call, store);
    }

    private static EndpointOptions ofMaster(Invocation call, Store store, String name) {
        MachineRecord machine = store.load(name);
        if (!machine.swarm().master()) {
            throw new MachineException(name + " is not a swarm master");
        }
        Path folder = store.machine(name);
        return new EndpointOptions(
                List.of(machine.url().orElse(ADDRESS)),
                store.certs().resolve("ca.pem"),
                folder.resolve("server.pem"),
                folder.resolve("server-key.pem"),
                folder.resolve("client.pem"),
                folder.resolve("client-key.pem"),
                members(call, store, machine.swarm().cluster()),
                EndpointOptions.Scheduling.by(machine.swarm().strategy()),
                images(store),
                new EndpointLock(folder).file());
    }

    private static EndpointOptions ofFlags(Invocation call, Store store) {
        List<String> hosts = call.values("--host");
        return new EndpointOptions(
                hosts.isEmpty() ? List.of(ADDRESS) : hosts,
                file(call, "--tlscacert"),
                file(call, "--tlscert"),
                file(call, "--tlskey"),
                null,
                null,
                members(call, store, SwarmSettings.DEFAULT_CLUSTER),
                EndpointOptions.Scheduling.by(
                        call.value("--strategy").orElse(SwarmSettings.DEFAULT_STRATEGY)),
                images(store),
                null);
    }

    private static EndpointOptions.Images images(Store store) {
        return new EndpointOptions.Images(store.images(), null, true);
    }

    private static MemberFolder members(Invocation call, Store store, String cluster) {
        if (call.words().size() > 1) {
            throw Invocation.usage("expected one DISCOVERY, not " + call.words().size());
        }
        return new MemberFolder(
                call.words().isEmpty()
                        ? store.members(cluster)
                        : Path.of(call.words().getFirst()).toAbsolutePath());
    }

    private static Path file(Invocation call, String option) {
        return call.value(option)
                .map(Path::of)
                .map(Path::toAbsolutePath)
                .orElseThrow(
                        () ->
                                new MachineException(
                                        "swarm manage needs " + option,
                                        "or --master NAME for a machine made with --swarm-master",
                                        ExitCode.USAGE));
    }
}
