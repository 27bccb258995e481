package dev.machine.provisioning.store;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.DriverState;
import java.util.List;
import java.util.Optional;

/**
 * One machine as {@code machines/<name>/machine.json} keeps it (schema 1). The store keeps keys
 * that this version does not know. No field holds a secret.
 *
 * @param platform as {@code linux/arm/v7}; empty until its node was asked
 * @param identity of its node, since validation
 */
public record MachineRecord(
        String name,
        String driver,
        DriverState driverState,
        Stage stage,
        Optional<String> platform,
        Access access,
        EngineSettings engine,
        SwarmSettings swarm,
        Identity identity) {

    /** The phases of a machine's life. */
    public enum Phase {
        CREATING,
        READY,
        FAILED,
        REMOVING
    }

    /**
     * How far it has come.
     *
     * @param failedStep the title of the step that failed last, when {@code phase} is FAILED, or at
     *     which its removal is
     */
    public record Stage(Phase phase, Optional<String> failedStep) {}

    /**
     * How its engine and its shell are reached.
     *
     * @param url where its engine listens, as {@code tcp://192.168.1.4:2376}; empty until known
     * @param listen the local address its engine is bound to
     * @param ssh empty for driver {@code none}, and until known
     * @param hostKeys pinned host keys, as {@code ssh-ed25519 SHA256:…}
     */
    public record Access(
            Optional<String> url,
            Optional<String> listen,
            Optional<SshAccess> ssh,
            List<String> hostKeys) {
        public Access {
            hostKeys = List.copyOf(hostKeys);
        }
    }

    /** A machine whose making begins: nothing is known of its node yet. */
    public static MachineRecord begun(
            String name,
            String driver,
            DriverState driverState,
            EngineSettings engine,
            SwarmSettings swarm) {
        return new MachineRecord(
                name,
                driver,
                driverState,
                new Stage(Phase.CREATING, Optional.empty()),
                Optional.empty(),
                new Access(Optional.empty(), Optional.empty(), Optional.empty(), List.of()),
                engine,
                swarm,
                Identity.unknown());
    }

    public Phase phase() {
        return stage.phase;
    }

    public Optional<String> failedStep() {
        return stage.failedStep;
    }

    public Optional<String> url() {
        return access.url;
    }

    public Optional<String> listen() {
        return access.listen;
    }

    public Optional<SshAccess> ssh() {
        return access.ssh;
    }

    public List<String> hostKeys() {
        return access.hostKeys;
    }

    /**
     * Whether this machine has a node: one that passed validation. Without it the record has only
     * an address, at which another machine may be. Old records without an identity count if their
     * create finished.
     */
    public boolean hasNode() {
        return identity.validated() || phase() == Phase.READY || phase() == Phase.REMOVING;
    }

    /**
     * How it is reached by SSH.
     *
     * @throws MachineException if its driver has no SSH, or its create did not finish
     */
    public SshAccess requiredSsh() {
        return ssh().orElseThrow(
                        () ->
                                phase() == Phase.READY
                                        ? new MachineException(
                                                "%s has no SSH: driver %s knows only its URL"
                                                        .formatted(name, driver))
                                        : new MachineException(
                                                "%s cannot be reached by SSH yet: its create did not finish"
                                                        .formatted(name),
                                                "type its `machine create` again",
                                                ExitCode.ERROR));
    }

    public MachineRecord withDriverState(DriverState state) {
        return new MachineRecord(
                name, driver, state, stage, platform, access, engine, swarm, identity);
    }

    public MachineRecord withPhase(Phase next) {
        return at(new Stage(next, Optional.empty()));
    }

    public MachineRecord failedAt(String step) {
        return at(new Stage(Phase.FAILED, Optional.of(step)));
    }

    /** The same, half removed; {@code step} began and may be done. */
    public MachineRecord removingAt(String step) {
        return at(new Stage(Phase.REMOVING, Optional.of(step)));
    }

    private MachineRecord at(Stage next) {
        return new MachineRecord(
                name, driver, driverState, next, platform, access, engine, swarm, identity);
    }

    public MachineRecord withSsh(SshAccess ssh, List<String> keys) {
        return reachedBy(new Access(access.url, access.listen, Optional.of(ssh), keys));
    }

    public MachineRecord withUrl(String url) {
        return reachedBy(new Access(Optional.of(url), access.listen, access.ssh, access.hostKeys));
    }

    private MachineRecord reachedBy(Access next) {
        return new MachineRecord(
                name, driver, driverState, stage, platform, next, engine, swarm, identity);
    }

    public MachineRecord withPlatform(String newPlatform, String listen) {
        return new MachineRecord(
                name,
                driver,
                driverState,
                stage,
                Optional.of(newPlatform),
                new Access(access.url, Optional.of(listen), access.ssh, access.hostKeys),
                engine,
                swarm,
                identity);
    }

    public MachineRecord withEngine(EngineSettings settings) {
        return new MachineRecord(
                name, driver, driverState, stage, platform, access, settings, swarm, identity);
    }

    public MachineRecord withIdentity(Identity seen) {
        return new MachineRecord(
                name, driver, driverState, stage, platform, access, engine, swarm, seen);
    }
}
