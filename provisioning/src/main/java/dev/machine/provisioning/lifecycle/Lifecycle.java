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
 * What commands call. Every method works on one machine, takes its lock, and either finishes or
 * leaves something that a rerun goes on from; several machines side by side are the caller's
 * business. Errors are {@link dev.machine.common.MachineException}s whose exit code is the
 * command's.
 */
public interface Lifecycle {
    /**
     * What {@code machine create} asks for.
     *
     * @param driverOptions by option name, merged from flags, variables, {@code config.yaml} and
     *     defaults
     */
    record Order(
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

    /** How a run ended: how many changes were made on the node (or would be, in a dry run). */
    record Outcome(int changes, Optional<String> url, List<String> notes) {}

    /**
     * Creates and provisions a machine. With {@code dryRun} it connects, reads, plans, and writes
     * nothing anywhere.
     */
    Outcome create(Order order, boolean dryRun, NodeProgress progress);

    /**
     * Makes a machine what its record says, after {@code change} was applied to its engine
     * settings. 0 changes means that nothing was to do and nothing was restarted. A change that is
     * refused before anything is done to the node ({@link
     * dev.machine.common.ExitCode#PRE_CREATE_CHECK}) is not in the record afterwards.
     */
    Outcome provision(
            String name,
            UnaryOperator<EngineSettings> change,
            RunOptions options,
            boolean dryRun,
            NodeProgress progress);

    /**
     * Gives a machine's engine, or an endpoint, a new certificate and key with the same names; the
     * engine restarts with them, its containers go on, and so does an endpoint.
     */
    Outcome renewCertificates(String name, RunOptions options, NodeProgress progress);

    /**
     * Gives a machine's engine, or an endpoint, what a {@link
     * dev.machine.provisioning.cert.CaRotation} has brought it to: the CAs to trust, and
     * certificates of the one that issues. 0 changes if it has them.
     */
    Outcome followCa(String name, RunOptions options, NodeProgress progress);

    /**
     * How a machine is removed.
     *
     * @param force its record goes even if something fails
     * @param purge its node is put back as it was before it was provisioned
     */
    record Removal(boolean force, boolean purge, RunOptions run) {}

    /** Removes a machine: its member file first, then the machine, then its record. */
    void remove(String name, Removal how, NodeProgress progress);

    /** Looks for what is wrong with a machine; changes nothing anywhere. */
    List<Finding> examine(String name, RunOptions options);

    /** Starts a machine, or an endpoint. */
    void start(String name, NodeProgress progress);

    void stop(String name, NodeProgress progress);

    void restart(String name, NodeProgress progress);

    /** Switches a machine off as if its plug were pulled. */
    void kill(String name, NodeProgress progress);

    /** What asks a machine's engine, through the jump host that its SSH goes through. */
    EngineProbe engines(MachineRecord machine);

    /** Asks the machine itself, within a deadline. */
    State state(String name, Duration deadline);

    /**
     * What a machine answered.
     *
     * @param word Running, Stopped, Unreachable, Error …; as {@code ls} shows it
     * @param engineVersion of the engine, as {@code 20.10.24+dfsg1}
     * @param error one sentence
     */
    record State(String word, Optional<String> engineVersion, Optional<String> error) {}
}
