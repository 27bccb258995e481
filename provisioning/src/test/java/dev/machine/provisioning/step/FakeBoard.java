package dev.machine.provisioning.step;

import dev.machine.driver.DriverState;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.facts.FactsReader;
import dev.machine.provisioning.node.FactsScript;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.RootAccess;
import dev.machine.provisioning.ssh.RootRefused;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.ssh.SshTarget;
import dev.machine.provisioning.store.EngineInstall;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.SshAccess;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.store.SwarmSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A board that says of itself what a test wants it to say, and writes down what it is told. */
public final class FakeBoard implements NodeShell {
    public static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

    public final Map<String, String> facts = new LinkedHashMap<>();
    public final List<String> notes = new ArrayList<>();
    public final List<String> asRoot = new ArrayList<>();

    /** What happens on the board when a script has run as root. */
    public Runnable atRoot = () -> {};

    /** What runs a script as root; by itself the board answers everything with its facts. */
    Function<Script, ScriptResult> runsAsRoot = script -> said();

    /** What it says on standard error. */
    public String err = "";

    private final Store store;
    private RootAccess root = new RootAccess.IsRoot();
    public MachineRecord record;
    public boolean maySetClock;
    public boolean mayRestartContainers;
    public boolean mayChangePackages;

    public FakeBoard(Path folder, String name, String address) {
        store = new Store(folder);
        record =
                MachineRecord.begun(
                                name,
                                "aiyara",
                                new DriverState(Map.of("address", address)),
                                EngineSettings.defaults(),
                                new SwarmSettings("default", true, false, "spread"))
                        .withUrl("tcp://" + address + ":2376")
                        .withSsh(
                                new SshAccess(
                                        address, 22, "pi", Optional.empty(), Optional.empty()),
                                List.of());
        says("root", "direct");
        says("os.id", "raspbian");
        says("os.like", "debian");
        says("os.name", "Raspbian GNU/Linux 12 (bookworm)");
        says("machine", "aarch64");
        says("userland", "armhf");
        says("init", "systemd");
        says("apt", "/usr/bin/apt-get");
        says("cgroup.memory", "yes");
        says("disk.free.kb", "9000000");
        says("disk.free.etc.kb", "9000000");
        says("clock", Long.toString(NOW.getEpochSecond()));
        says("end", "yes");
    }

    public FakeBoard says(String fact, String value) {
        facts.put(fact, value);
        return this;
    }

    /** It is to have an engine with an option. */
    public FakeBoard wants(String option, String value) {
        EngineSettings none = EngineSettings.defaults();
        record =
                record.withEngine(
                        new EngineSettings(
                                none.labels(),
                                none.registryMirrors(),
                                none.insecureRegistries(),
                                Map.of(option, value),
                                none.tlsSans(),
                                none.install(),
                                none.listen()));
        return this;
    }

    /** Puts its record into the store as it is. */
    public void save(MachineRecord changed) {
        record = changed;
        store.save(changed);
    }

    public Store store() {
        return store;
    }

    /** It is to have an engine of a version. */
    public FakeBoard wantsVersion(String version) {
        EngineSettings none = EngineSettings.defaults();
        EngineInstall install =
                new EngineInstall(
                        EngineInstall.From.DISTRO,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(version),
                        Optional.empty());
        record =
                record.withEngine(
                        new EngineSettings(
                                none.labels(),
                                none.registryMirrors(),
                                none.insecureRegistries(),
                                Map.of(),
                                none.tlsSans(),
                                install,
                                none.listen()));
        return this;
    }

    /** Its record as the store has it now. */
    public @Nullable MachineRecord stored() {
        return store.find(record.name()).orElse(null);
    }

    public NodeContext context() {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        SshTarget target =
                new SshTarget(record.ssh().orElseThrow().address(), 22, "pi", Optional.empty());
        NodeContext node =
                new NodeContext(
                        new NodeContext.Tools(
                                store,
                                new Authority(store, clock),
                                new FactsReader(clock, FactsScript.text()),
                                new EngineProbe(store),
                                clock,
                                duration -> {},
                                Duration.ZERO),
                        record,
                        target,
                        2376,
                        () -> "secret".toCharArray(),
                        new Permissions(mayRestartContainers, mayChangePackages, maySetClock),
                        to -> this,
                        event -> {
                            if (event instanceof NodeProgress.Note note) {
                                notes.add(note.message());
                            }
                        },
                        false);
        node.enter(new StepId("test"));
        return node;
    }

    private ScriptResult said() {
        String out =
                facts.entrySet().stream()
                        .map(fact -> fact.getKey() + "=" + fact.getValue() + "\n")
                        .collect(Collectors.joining());
        return new ScriptResult(0, out, err);
    }

    @Override
    public ScriptResult asUser(Script script, Duration deadline) {
        return said();
    }

    @Override
    public ScriptResult asRoot(Script script, Duration deadline, Consumer<String> lines) {
        if (root instanceof RootAccess.Refused refused) {
            throw refused.why();
        }
        if (root instanceof RootAccess.WithPassword) {
            throw new RootRefused("sudo refused the password", "give another");
        }
        asRoot.add(script.text());
        atRoot.run();
        return runsAsRoot.apply(script);
    }

    @Override
    public void becomeRootBy(RootAccess access) {
        root = access;
    }

    @Override
    public boolean byPassword() {
        return false;
    }

    @Override
    public void close() {}
}
