package dev.machine.provisioning.step;

/** One step of provisioning a node. */
public interface Step {
    /** Its name in progress lines and in the record of a machine that failed. */
    StepId id();

    /** Whether the step applies to this node; called before {@link #plan}. */
    default boolean appliesTo(NodeContext node) {
        return true;
    }

    /** Returns what must change; only reads. */
    Change plan(NodeContext node);

    /** Makes the planned change. Not called if there is none. */
    void apply(NodeContext node, Change change);

    /**
     * Checks that the node is as wanted now; called in every run but a dry run, after a change or
     * without one.
     */
    default void confirm(NodeContext node) {}
}
