package dev.machine.provisioning.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.time.Instant;

/**
 * Sets a clock that is off from ours, with the user's leave: before certificates and packages, for
 * both are refused by a board that thinks it is years ago.
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
