package dev.machine.provisioning.lifecycle;

import dev.machine.driver.Driver;
import dev.machine.driver.EngineUrl;
import dev.machine.driver.JumpHost;
import dev.machine.driver.SshRequest;
import dev.machine.provisioning.ssh.SshTarget;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.SshAccess;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds out how a new machine is reached: what its driver says, and the user's SSH configuration.
 */
final class Reachability {
    private final NodeAccess access;

    Reachability(NodeAccess access) {
        this.access = access;
    }

    /** The record with the ways to its engine and to its shell; nothing is written. */
    MachineRecord plan(MachineRecord record, Driver driver, NodeProgress progress) {
        MachineRecord planned = record.withUrl(driver.url(record.driverState()));
        return driver.ssh(record.driverState())
                .map(request -> target(record, request, progress))
                .map(target -> withSsh(planned, target, target.key().map(Path::toString)))
                .orElse(planned);
    }

    /**
     * The same for a machine that exists: the user's key is copied into its folder, and the host
     * key that it was given is pinned.
     */
    MachineRecord resolve(MachineRecord unreached, Driver driver, NodeProgress progress) {
        MachineRecord record = unreached.withUrl(driver.url(unreached.driverState()));
        Optional<SshRequest> request = driver.ssh(record.driverState());
        if (request.isEmpty()) {
            return record;
        }
        SshTarget target = target(record, request.get(), progress);
        // An earlier attempt may have installed a key of the machine's own, which is then used.
        Optional<String> own =
                record.ssh().flatMap(SshAccess::key).filter(key -> target.key().isEmpty());
        Optional<String> key = own.isPresent() ? own : access.adopt(record, target.key());
        request.get().hostKey().ifPresent(given -> access.pins().pinGiven(target, given));
        return withSsh(record, target, key);
    }

    private SshTarget target(MachineRecord record, SshRequest request, NodeProgress progress) {
        return access.resolve(
                request,
                line ->
                        progress.event(
                                new NodeProgress.Note(
                                        record.name(), MachineCreation.CREATE, line)));
    }

    /**
     * The engine is asked at the address that SSH goes to: the name that the user typed may be
     * known to SSH alone.
     */
    private MachineRecord withSsh(MachineRecord record, SshTarget target, Optional<String> key) {
        EngineUrl url = EngineUrl.parse(record.url().orElseThrow());
        return record.withUrl(new EngineUrl(target.address(), url.port()).toString())
                .withSsh(
                        new SshAccess(
                                target.address(),
                                target.port(),
                                target.user(),
                                key,
                                target.jump().map(JumpHost::toString)),
                        access.pins().pinned(target));
    }
}
