package dev.machine.provisioning.lifecycle;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.step.Change;
import dev.machine.provisioning.step.NodeContext;
import dev.machine.provisioning.step.NodeProgress;
import dev.machine.provisioning.step.NodeProgress.Applied;
import dev.machine.provisioning.step.NodeProgress.Applying;
import dev.machine.provisioning.step.NodeProgress.Failed;
import dev.machine.provisioning.step.NodeProgress.Planned;
import dev.machine.provisioning.step.Step;
import dev.machine.provisioning.step.StepId;
import java.util.List;

/** Runs the steps on one node. */
final class StepRunner {
    private final List<Step> steps;
    private final TestStop testStop;

    StepRunner(List<Step> steps, TestStop testStop) {
        this.steps = steps;
        this.testStop = testStop;
    }

    /** The error of a step; the record keeps the step's title. */
    static final class StepFailed extends MachineException {
        private static final long serialVersionUID = 1L;

        private final String step;
        private final int changes;

        /**
         * @param changes the number of changes by the steps before it
         */
        StepFailed(StepId step, int changes, MachineException cause) {
            super(step.title() + ": " + cause.sentence(), cause.hint(), cause.exitCode(), cause);
            this.step = step.title();
            this.changes = changes;
        }

        /** Whether the run was refused before anything was changed on the node. */
        boolean refused() {
            return changes == 0 && exitCode() == ExitCode.PRE_CREATE_CHECK;
        }

        String step() {
            return step;
        }
    }

    /** Runs all steps and returns how many changes were made, or would be. */
    int run(NodeContext node, boolean dryRun, NodeProgress progress) {
        int changes = 0;
        for (Step step : steps) {
            node.enter(step.id());
            try {
                if (step.appliesTo(node)) {
                    changes += run(step, node, dryRun, progress);
                }
            } catch (MachineException e) {
                progress.event(new Failed(node.record().name(), step.id(), e.sentence()));
                throw new StepFailed(step.id(), changes, e);
            } catch (RuntimeException e) {
                progress.event(new Failed(node.record().name(), step.id(), e.toString()));
                throw new StepFailed(
                        step.id(),
                        changes,
                        new MachineException(
                                "an internal error of machine: " + e,
                                "--debug shows where",
                                ExitCode.ERROR,
                                e));
            }
        }
        return changes;
    }

    private int run(Step step, NodeContext node, boolean dryRun, NodeProgress progress) {
        String name = node.record().name();
        Change change = step.plan(node);
        progress.event(new Planned(name, step.id(), change.lines()));
        testStop.at(step.id(), "planned");
        if (dryRun) {
            return change.lines().size();
        }
        if (!change.isNone()) {
            progress.event(new Applying(name, step.id()));
            step.apply(node, change);
            progress.event(new Applied(name, step.id()));
        }
        testStop.at(step.id(), "applied");
        step.confirm(node);
        return change.lines().size();
    }
}
