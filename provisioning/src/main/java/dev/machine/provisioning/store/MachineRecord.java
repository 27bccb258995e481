package dev.machine.provisioning.store;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.DriverState;
import java.util.List;
import java.util.Optional;

/**
 * One machine as {@code machines/<name>/machine.json} keeps it (schema 1). Keys that this version
 * does not know survive a rewrite; the store sees to it. No field ever holds a secret.
 *
 * @param failedStep the title of the step that failed last, when {@code phase} is FAILED, or that
 *     removing it came to
 * @param url where its engine listens, as {@code tcp://192.168.1.4:2376}; empty until known
 * @param platform as {@code linux/arm/v7}
 * @param listen the local address its engine is bound to
 * @param ssh how to reach it; empty for driver {@code none}
 * @param hostKeys pinned host keys, as {@code ssh-ed25519 SHA256:…}
 * @param identity of its node, since validation
 */
public record MachineRecord(
        String name,
        String driver,
        DriverState driverState,
        Phase phase,
        Optional<String> failedStep,
        Optional<String> url,
        Optional<String> platform,
        Optional<String> listen,
        Optional<SshAccess> ssh,
        List<String> hostKeys,
        EngineSettings engine,
        SwarmSettings swarm,
        Identity identity) {

    /** How far the making of a machine has come. */
    public enum Phase {
        CREATING,
        READY,
        FAILED,
        REMOVING
    }

    public MachineRecord {
        hostKeys = List.copyOf(hostKeys);
    }

    /**
     * Whether there is a node that is this machine's: one that passed validation. All that a record
     * without one knows is where somebody wanted a machine to be, and another machine may be there.
     * Records of versions that kept no identity count when they were finished once.
     */
    public boolean hasNode() {
        return identity.validated() || phase == Phase.READY || phase == Phase.REMOVING;
    }

    /**
     * How it is reached by SSH.
     *
     * @throws MachineException if it never can be, or if its create did not get so far
     */
    public SshAccess requiredSsh() {
        return ssh.orElseThrow(
                () ->
                        phase == Phase.READY
                                ? new MachineException(
                                        "%s has no SSH: driver %s knows only its URL"
                                                .formatted(name, driver))
                                : new MachineException(
                                        "%s is not reached by SSH yet: its create did not finish"
                                                .formatted(name),
                                        "type its `machine create` again",
                                        ExitCode.ERROR));
    }

    public MachineRecord withDriverState(DriverState state) {
        return new MachineRecord(
                name,
                driver,
                state,
                phase,
                failedStep,
                url,
                platform,
                listen,
                ssh,
                hostKeys,
                engine,
                swarm,
                identity);
    }

    public MachineRecord withPhase(Phase next) {
        return at(next, Optional.empty());
    }

    public MachineRecord failedAt(String step) {
        return at(Phase.FAILED, Optional.of(step));
    }

    /** The same, half removed; {@code step} began and may be done. */
    public MachineRecord removingAt(String step) {
        return at(Phase.REMOVING, Optional.of(step));
    }

    private MachineRecord at(Phase next, Optional<String> step) {
        return new MachineRecord(
                name,
                driver,
                driverState,
                next,
                step,
                url,
                platform,
                listen,
                ssh,
                hostKeys,
                engine,
                swarm,
                identity);
    }

    public MachineRecord withSsh(SshAccess access, List<String> keys) {
        return new MachineRecord(
                name,
                driver,
                driverState,
                phase,
                failedStep,
                url,
                platform,
                listen,
                Optional.of(access),
                keys,
                engine,
                swarm,
                identity);
    }

    public MachineRecord withUrl(String newUrl) {
        return new MachineRecord(
                name,
                driver,
                driverState,
                phase,
                failedStep,
                Optional.of(newUrl),
                platform,
                listen,
                ssh,
                hostKeys,
                engine,
                swarm,
                identity);
    }

    public MachineRecord withPlatform(String newPlatform, String newListen) {
        return new MachineRecord(
                name,
                driver,
                driverState,
                phase,
                failedStep,
                url,
                Optional.of(newPlatform),
                Optional.of(newListen),
                ssh,
                hostKeys,
                engine,
                swarm,
                identity);
    }

    public MachineRecord withEngine(EngineSettings settings) {
        return new MachineRecord(
                name,
                driver,
                driverState,
                phase,
                failedStep,
                url,
                platform,
                listen,
                ssh,
                hostKeys,
                settings,
                swarm,
                identity);
    }

    public MachineRecord withIdentity(Identity seen) {
        return new MachineRecord(
                name,
                driver,
                driverState,
                phase,
                failedStep,
                url,
                platform,
                listen,
                ssh,
                hostKeys,
                engine,
                swarm,
                seen);
    }
}
