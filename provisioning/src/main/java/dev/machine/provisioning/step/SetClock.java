package dev.machine.provisioning.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.time.Instant;

/**
 * Sets a wrong clock from this computer's, if the user allowed it. It runs before certificates and
 * packages, because a board whose clock is years behind refuses both.
 */
final class SetClock implements Step {
    private static final StepId ID = new StepId("set clock");

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public boolean appliesTo(NodeContext node) {
        return node.permissions().setClock() && node.facts().clockIsOff();
    }

    @Override
    public Change plan(NodeContext node) {
        return Change.of("set the clock from ours: " + ClockCheck.difference(node));
    }

    @Override
    public void apply(NodeContext node, Change change) {
        Instant now = node.tools().clock().instant();
        ScriptResult result =
                node.shell()
                        .asRoot(
                                new Script()
                                        .include(
                                                SetClock.class,
                                                "set-clock.sh",
                                                Long.toString(now.getEpochSecond())));
        node.refreshFacts();
        if (result.status() != 0 || node.facts().clockIsOff()) {
            throw new MachineException(
                    "the clock could not be set: "
                            + (result.status() == 0
                                    ? ClockCheck.difference(node)
                                    : result.lastWords()),
                    "start the node's time service, or set its clock there",
                    ExitCode.ERROR);
        }
    }
}
