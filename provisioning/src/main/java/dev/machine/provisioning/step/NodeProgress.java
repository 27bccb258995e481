package dev.machine.provisioning.step;

import java.util.List;

/** Receives the events of machines; must be thread-safe, because nodes run in parallel. */
public interface NodeProgress {
    void event(Event event);

    /** What happens on a node. */
    sealed interface Event {
        String node();

        StepId step();
    }

    /** A step found what it would change; no changes means that the node is already right. */
    record Planned(String node, StepId step, List<String> changes) implements Event {}

    /** A step begins to change the node. */
    record Applying(String node, StepId step) implements Event {}

    /** A step has changed the node. */
    record Applied(String node, StepId step) implements Event {}

    /** A message of a step for the user. */
    record Note(String node, StepId step, String message) implements Event {}

    /** A step failed; the error itself is thrown. */
    record Failed(String node, StepId step, String message) implements Event {}
}
