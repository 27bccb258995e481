package dev.machine.cli.command.swarm;

import dev.machine.cli.command.Command;
import dev.machine.cli.command.Globals;
import dev.machine.cli.command.HelpSection;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.cli.log.LogLevel;
import dev.machine.cli.log.RotatingLog;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.CertificateFiles;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.store.SwarmSettings;
import dev.machine.swarm.Endpoint;
import dev.machine.swarm.EndpointOptions;
import dev.machine.swarm.EndpointOptions.ClientCertificate;
import dev.machine.swarm.EndpointOptions.Engines;
import dev.machine.swarm.EndpointOptions.Listening;
import dev.machine.swarm.discovery.AddressMembers;
import dev.machine.swarm.discovery.Discovery;
import dev.machine.swarm.discovery.MemberFolder;
import dev.machine.swarm.discovery.PemFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.Level;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code machine swarm manage}: serves a swarm in the foreground, with the options of classic
 * swarm's {@code manage}. With {@code --master}, addresses and certificates come from that
 * machine's record, and members and strategy too unless they are given; {@code machine start} calls
 * it so. {@link ManageFlags}, {@link ManageTls} and {@link UnsupportedFlags} say what each classic
 * option does here.
 */
public final class SwarmManageCommand implements Command {
    private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";
    private static final String CARRIER_COUNT = "16";

    /** Sets how many virtual threads run at once; the system shares the cores among them. */
    public static final String CARRIERS = "-D" + PARALLELISM + "=" + CARRIER_COUNT;

    @Override
    public CommandSpec spec() {
        CommandSpec spec =
                Options.command("swarm manage", "Serve a swarm's endpoint in the foreground.");
        Options.add(spec, listenOptions());
        Options.add(spec, ManageTls.options());
        Options.add(spec, ManageFlags.schedulingOptions());
        Options.add(spec, imageOptions());
        Options.add(spec, ManageFlags.intervalOptions());
        Options.add(spec, UnsupportedFlags.options());
        return DiscoveryArgument.addTo(spec);
    }

    @Override
    public List<HelpSection> help(CommandSpec spec, ParseResult typed) {
        return List.of(
                HelpSection.ofOptions("Endpoint", listenOptions()),
                HelpSection.ofOptions("TLS", ManageTls.options()),
                HelpSection.ofOptions("Choice of nodes", ManageFlags.schedulingOptions()),
                HelpSection.ofOptions("Images", imageOptions()),
                HelpSection.ofOptions("Intervals", ManageFlags.intervalOptions()),
                Globals.help(),
                UnsupportedFlags.help());
    }

    private static List<OptionSpec> listenOptions() {
        return List.of(
                Options.values(
                        "URL",
                        "where to listen: tcp://HOST:PORT, HOST:PORT, :PORT or unix:///PATH;"
                                + " repeatable ($SWARM_HOST, tcp://127.0.0.1:3376)",
                        "-H",
                        "--host"),
                Options.value(
                        "NAME",
                        "use the addresses, certificates, members and strategy of this machine",
                        "--master"));
    }

    private static List<OptionSpec> imageOptions() {
        return List.of(
                Options.value(
                        "TABLE",
                        "which image a name means: file:PATH or redis://HOST:PORT/DB (the store's"
                                + " images.yaml)",
                        "--image-table"),
                Options.value(
                        "WHEN",
                        "check that an image exists before a rule uses it: always (default) or"
                                + " never",
                        "--image-check"));
    }

    @Override
    public int run(Invocation call) {
        UnsupportedFlags.check(call);
        // It must be set before the first virtual thread; machine start passes it to the JVM.
        if (System.getProperty(PARALLELISM) == null) {
            System.setProperty(PARALLELISM, CARRIER_COUNT);
        }
        // It must be set first, because a logger keeps the level of the moment when it was made.
        LogLevel.set(call.globals().debug() ? Level.DEBUG : Level.INFO);
        EndpointOptions options = options(call);
        call.value("--master")
                .ifPresent(
                        master ->
                                RotatingLog.over(
                                        call.services()
                                                .store()
                                                .machine(master)
                                                .resolve("endpoint.log")));
        Endpoint endpoint = Endpoint.start(options, ManageFlags.timings(call));
        Runtime.getRuntime().addShutdownHook(new Thread(endpoint::close, "drain"));
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
        if (call.parsed().hasMatchedOption("--host") || ManageTls.read(call).isPresent()) {
            throw Invocation.usage(
                    "--host and --tls... cannot be used with --master: " + name + " has its own");
        }
        MachineRecord machine = store.load(name);
        if (!machine.swarm().master()) {
            throw new MachineException(name + " is not a swarm master");
        }
        Path folder = store.machine(name);
        PemFiles engines =
                new PemFiles(
                        store.certs().resolve(CertificateFiles.CA),
                        folder.resolve(CertificateFiles.ENDPOINT_CLIENT),
                        folder.resolve(CertificateFiles.ENDPOINT_CLIENT_KEY));
        // The variable is ignored here, because it would be the one of the user who typed machine
        // start.
        Optional<String> word =
                call.words().isEmpty() ? Optional.empty() : DiscoveryArgument.given(call);
        return new EndpointOptions(
                new Listening(
                        machine.url().map(List::of).orElse(HostFlags.DEFAULT),
                        new PemFiles(
                                engines.ca(),
                                folder.resolve(CertificateFiles.ENDPOINT_SERVER),
                                folder.resolve(CertificateFiles.ENDPOINT_SERVER_KEY))),
                new Engines(
                        discovery(
                                call,
                                word,
                                store.members(machine.swarm().cluster()),
                                Optional.of(engines)),
                        new ClientCertificate(engines.cert(), engines.key())),
                ManageFlags.scheduling(call, machine.swarm().strategy()),
                images(call, store),
                folder.resolve(Store.ENDPOINT_LOCK));
    }

    private static EndpointOptions ofFlags(Invocation call, Store store) {
        Optional<PemFiles> tls = ManageTls.read(call);
        List<String> hosts = HostFlags.read(call);
        ManageTls.check(hosts, tls);
        return new EndpointOptions(
                new Listening(hosts, tls.orElse(null)),
                new Engines(
                        discovery(
                                call,
                                DiscoveryArgument.given(call),
                                store.members(SwarmSettings.DEFAULT_CLUSTER),
                                tls),
                        null),
                ManageFlags.scheduling(call, SwarmSettings.DEFAULT_STRATEGY),
                images(call, store),
                null);
    }

    private static EndpointOptions.Images images(Invocation call, Store store) {
        String check = call.value("--image-check").orElse("always");
        if (!check.equals("always") && !check.equals("never")) {
            throw Invocation.usage("--image-check takes always or never, not \"" + check + "\"");
        }
        return new EndpointOptions.Images(
                store.images(), call.value("--image-table").orElse(null), check.equals("always"));
    }

    private static Discovery discovery(
            Invocation call, Optional<String> word, Path folder, Optional<PemFiles> tls) {
        DiscoveryArgument discovery =
                word.map(text -> DiscoveryArgument.parse(text, ManageFlags.heartbeat(call)))
                        .orElse(new DiscoveryArgument.Folder(folder));
        return switch (discovery) {
            case DiscoveryArgument.Folder(Path path) -> new MemberFolder(path);
            case DiscoveryArgument.Addresses(var source) ->
                    new AddressMembers(
                            source,
                            tls.orElseThrow(
                                    () ->
                                            new MachineException(
                                                    "engines are reached over TLS only",
                                                    "add --tlsverify, --tlscacert, --tlscert and"
                                                            + " --tlskey",
                                                    ExitCode.USAGE)));
        };
    }
}
