package dev.machine.provisioning.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.time.Duration;

/**
 * Waits for cloud-init: a new cloud machine answers SSH while cloud-init still installs and
 * restarts services, which would disturb the next steps. Its result file (cloud-init's reference,
 * "Status") says that it is done.
 */
final class AwaitCloudInit implements Step {
    private static final StepId ID = new StepId("await cloud-init");

    private static final int SECONDS = 600;

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public boolean appliesTo(NodeContext node) {
        return node.facts().find("cloud-init").isPresent();
    }

    @Override
    public Change plan(NodeContext node) {
        return Change.of("wait until cloud-init has finished");
    }

    @Override
    public void apply(NodeContext node, Change change) {
        ScriptResult result =
                node.shell()
                        .asRoot(
                                new Script()
                                        .include(
                                                AwaitCloudInit.class,
                                                "await-cloud-init.sh",
                                                Integer.toString(SECONDS)),
                                Duration.ofSeconds(SECONDS + 60L));
        if (result.status() != 0) {
            throw new MachineException(
                    "cloud-init has not finished after " + SECONDS + " s",
                    "see /var/log/cloud-init-output.log on the node; `machine provision "
                            + node.record().name()
                            + "` goes on from here",
                    ExitCode.ERROR);
        }
        if (!result.out().isBlank()) {
            node.note("cloud-init had errors: see /var/log/cloud-init.log on the node");
        }
        node.refreshFacts();
    }
}
