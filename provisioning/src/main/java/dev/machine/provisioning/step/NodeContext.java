package dev.machine.provisioning.step;

import static java.util.Objects.requireNonNull;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Pause;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.engine.DaemonSpec;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.facts.FactsReader;
import dev.machine.provisioning.node.EngineSockets;
import dev.machine.provisioning.node.PackageManager;
import dev.machine.provisioning.node.PackageWork;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.SshTarget;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one run on one node share: the connection, the facts, the record. Used by one
 * thread.
 */
public final class NodeContext implements AutoCloseable {
    /**
     * The tools of a run, the same for every node.
     *
     * @param lockWait how long another's package lock is waited for
     */
    public record Tools(
            Store store,
            Authority authority,
            FactsReader factsReader,
            EngineProbe engines,
            Clock clock,
            Pause pause,
            Duration lockWait) {

        /** A copy with another way to ask engines. */
        public Tools with(EngineProbe others) {
            return new Tools(store, authority, factsReader, others, clock, pause, lockWait);
        }
    }

    private final Tools tools;
    private final SshTarget target;
    private final int enginePort;
    private final Supplier<char[]> sudoPassword;
    private final Permissions permissions;
    private final Function<SshTarget, NodeShell> connect;
    private final NodeProgress progress;
    private final boolean dryRun;
    private NodeShell shell;
    private MachineRecord record;
    private @Nullable Facts before;
    private @Nullable Facts facts;
    private @Nullable PackagePlan choice;
    private boolean restartNeeded;
    private boolean restarted;

    /** Notes before the first step name none. */
    private StepId step = new StepId("");

    public NodeContext(
            Tools tools,
            MachineRecord record,
            SshTarget target,
            int enginePort,
            Supplier<char[]> sudoPassword,
            Permissions permissions,
            Function<SshTarget, NodeShell> connect,
            NodeProgress progress,
            boolean dryRun) {
        this.tools = tools;
        this.record = record;
        this.target = target;
        this.enginePort = enginePort;
        this.sudoPassword = sudoPassword;
        this.permissions = permissions;
        this.connect = connect;
        this.progress = progress;
        this.dryRun = dryRun;
        this.shell = connect.apply(target);
    }

    public MachineRecord record() {
        return record;
    }

    public Tools tools() {
        return tools;
    }

    public NodeShell shell() {
        return shell;
    }

    public SshTarget target() {
        return target;
    }

    public int enginePort() {
        return enginePort;
    }

    /** What the user allowed for this run. */
    Permissions permissions() {
        return permissions;
    }

    boolean dryRun() {
        return dryRun;
    }

    /** The facts; read at the first call. */
    public Facts facts() {
        Facts known = facts;
        if (known == null) {
            known = tools.factsReader().first(shell, enginePort, sudoPassword);
            facts = known;
            before = known;
        }
        return known;
    }

    /** The facts before anything was changed. */
    Facts factsBefore() {
        facts();
        return requireNonNull(before);
    }

    /** Which packages to install; the first call is before any change. */
    PackagePlan packagePlan() {
        PackagePlan made = choice;
        if (made == null) {
            made = PackagePlan.of(this);
            choice = made;
        }
        return made;
    }

    /** The node's package manager. */
    public PackageManager packages() {
        return PackageManager.of(facts());
    }

    /** What the package manager needs to know of the node. */
    public PackageWork packageWork() {
        return new PackageWork(
                record.name(),
                shell,
                facts(),
                record.engine().install(),
                permissions.changePackages(),
                tools.lockWait(),
                this::note);
    }

    /** Reads the facts again, after a step changed something that later steps depend on. */
    void refreshFacts() {
        facts = tools.factsReader().again(shell, enginePort, facts());
    }

    /** Replaces the record and saves it. */
    public void save(MachineRecord changed) {
        record = changed;
        if (!dryRun) {
            tools.store().save(changed);
        }
    }

    /** Closes the connection and logs in again with another credential. */
    void reconnect(SshTarget with) {
        shell.close();
        shell = connect.apply(with);
        // The way to become root may differ for the new login.
        facts = tools.factsReader().first(shell, enginePort, sudoPassword);
    }

    /** Called by a plan, so that RunEngine plans a restart, in a dry run, too. */
    void needRestart() {
        if (!restartNeeded) {
            refuseRestartUnlessAllowed();
        }
        restartNeeded = true;
    }

    /**
     * A restart stops containers unless live-restore keeps them, which swarm mode does not allow.
     * Plans call this, so that it refuses before any change.
     */
    private void refuseRestartUnlessAllowed() {
        Optional<String> stopped = facts().stoppedByRestart();
        if (stopped.isPresent() && !permissions.restartContainers()) {
            throw new MachineException(
                    stopped.get() + ": a restart would stop what runs",
                    "allow it with --restart-containers, stop the containers first, or leave swarm mode (docker swarm leave)",
                    ExitCode.PRE_CREATE_CHECK);
        }
        stopped.ifPresent(sentence -> note(sentence + ": what runs is restarted"));
    }

    /** An engine was started or restarted in this run. */
    void restarted() {
        restarted = true;
    }

    /** Whether the facts about the running engine may be outdated. */
    boolean wasRestarted() {
        return restarted;
    }

    /** The engine was started after all files were written. */
    void restartDone() {
        restartNeeded = false;
    }

    boolean restartNeeded() {
        return restartNeeded || facts().find("engine.restart.pending").isPresent();
    }

    /**
     * The address that the engine listens on: the user's choice, else the address at which our SSH
     * connection arrived.
     */
    String listen() {
        String[] connection = facts().text("ssh.connection").split(" ");
        String arrived = connection.length == 4 ? connection[2] : target.address();
        return record.engine().listen().orElse(arrived);
    }

    DaemonSpec daemonSpec() {
        return new DaemonSpec(
                record.driver(),
                facts().platform().architecture(),
                listen(),
                enginePort,
                record.engine(),
                EngineSockets.hosts(facts()));
    }

    /** The step that the next notes belong to. */
    public void enter(StepId next) {
        step = next;
    }

    public void note(String message) {
        progress.event(new NodeProgress.Note(record.name(), step, message));
    }

    /** Reboots the node and returns at once, because the connection ends. */
    public void reboot() {
        facts();
        shell.asRoot(new Script().run("(sleep 0.3; reboot) >/dev/null 2>&1 </dev/null & echo"));
    }

    @Override
    public void close() {
        shell.close();
    }
}
