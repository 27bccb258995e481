package dev.machine.provisioning.lifecycle;

import dev.machine.provisioning.doctor.Finding;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.SwarmSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The actions on machines that commands call. Every method works on one machine and takes its lock.
 * If it fails, running it again continues from there. The caller runs several machines in parallel.
 * Errors are {@link dev.machine.common.MachineException}s whose exit code is the command's.
 */
public interface Lifecycle {
    /**
     * The machine that {@code machine create} makes.
     *
     * @param driverOptions by option name, merged from flags, variables, {@code config.yaml} and
     *     defaults
     */
    record CreateOrder(
            String name,
            String driver,
            Map<String, String> driverOptions,
            EngineSettings engine,
            SwarmSettings swarm,
            RunOptions run) {}

    /** Where passwords come from when one is needed; the store never keeps one. */
    interface Passwords {
        /** The SSH password; empty if the user gave none and cannot be asked. */
        Optional<char[]> ssh(String userAtHost);

        /** The sudo password; empty if the user gave none and cannot be asked. */
        Optional<char[]> sudo(String userAtHost);

        /** The passphrase of a key; empty if the user cannot be asked. Asks every time. */
        Optional<char[]> passphrase(String key);
    }

    /**
     * The result of a run: the number of changes on the node (in a dry run, those that would be
     * made).
     */
    record Outcome(int changes, Optional<String> url, List<String> notes) {}

    /**
     * Creates and provisions a machine. With {@code dryRun} it connects, reads and plans, but
     * writes nothing.
     */
    Outcome create(CreateOrder order, boolean dryRun, NodeProgress progress);

    /**
     * Brings a machine to the state in its record, after {@code change} was applied to its engine
     * settings. With 0 changes nothing was restarted. A change that is refused before anything is
     * done to the node ({@link dev.machine.common.ExitCode#PRE_CREATE_CHECK}) is not in the record
     * afterwards.
     */
    Outcome provision(
            String name,
            UnaryOperator<EngineSettings> change,
            RunOptions options,
            boolean dryRun,
            NodeProgress progress);

    /**
     * Gives a machine's engine, or an endpoint, a new certificate and key with the same names; the
     * engine restarts with them, and its containers keep running.
     */
    Outcome renewCertificates(String name, RunOptions options, NodeProgress progress);

    /**
     * Gives a machine's engine, or an endpoint, the trusted CAs and the certificates of the current
     * phase of a {@link dev.machine.provisioning.cert.CaRotation}. 0 changes if it has them.
     */
    Outcome followCa(String name, RunOptions options, NodeProgress progress);

    /**
     * How a machine is removed.
     *
     * @param force its record is removed even if something fails
     * @param purge its node is restored to the state before provisioning
     */
    record Removal(boolean force, boolean purge, RunOptions run) {}

    /** Removes a machine: its member file first, then the machine, then its record. */
    void remove(String name, Removal how, NodeProgress progress);

    /** Finds the problems of a machine; changes nothing. */
    List<Finding> examine(String name, RunOptions options);

    /** Starts a machine, or an endpoint. */
    void start(String name, NodeProgress progress);

    void stop(String name, NodeProgress progress);

    void restart(String name, NodeProgress progress);

    /** Switches a machine off without shutting it down. */
    void kill(String name, NodeProgress progress);

    /** Asks a machine's engine, through its jump host if it has one. */
    EngineProbe engines(MachineRecord machine);

    /** Asks a machine for its state, within a deadline. */
    State state(String name, Duration deadline);

    /**
     * The state of a machine.
     *
     * @param word Running, Stopped, Unreachable, Error …; as {@code ls} shows it
     * @param engineVersion of the engine, as {@code 20.10.24+dfsg1}
     * @param error one sentence
     */
    record State(String word, Optional<String> engineVersion, Optional<String> error) {}
}
