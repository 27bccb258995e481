package dev.machine.provisioning.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks whether the node can be provisioned. It reports all obstacles at once, each with a fix,
 * and changes nothing.
 */
public final class ValidateFacts implements Step {
    public static final StepId ID = new StepId("validate facts");

    @Override
    public StepId id() {
        return ID;
    }

    @Override
    public Change plan(NodeContext node) {
        List<String> obstacles = new ArrayList<>();
        obstacles.addAll(SystemCheck.obstacles(node));
        obstacles.addAll(AdoptionCheck.obstacles(node));
        obstacles.addAll(ResourceCheck.obstacles(node));
        obstacles.addAll(FileCheck.obstacles(node));
        obstacles.addAll(ClockCheck.obstacles(node));
        obstacles.addAll(CloneCheck.obstacles(node));
        node.facts()
                .noRoot()
                .ifPresent(
                        why -> {
                            if (obstacles.isEmpty()) {
                                throw why;
                            }
                            obstacles.add(why.sentence() + ": " + why.hint());
                        });
        refuse(obstacles);
        // Refuses packages that the node's sources do not have, before any change.
        node.packagePlan();
        // Refuses the node's files if they cannot be merged with ours.
        ConfigureEngine.difference(node);
        refuse(DataCheck.obstacles(node));
        // Claims the node only now: a machine that was refused must not act on it later.
        refuse(CloneCheck.claim(node));
        return Change.none();
    }

    private static void refuse(List<String> obstacles) {
        if (!obstacles.isEmpty()) {
            throw new MachineException(
                    String.join("\n", obstacles),
                    "nothing was changed on the node",
                    ExitCode.PRE_CREATE_CHECK);
        }
    }

    @Override
    public void apply(NodeContext node, Change change) {
        throw new IllegalStateException("validation plans no change");
    }
}
