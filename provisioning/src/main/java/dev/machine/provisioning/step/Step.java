package dev.machine.provisioning.step;

/** One step of provisioning a node. */
public interface Step {
    /** Its name in progress lines and in the record of a machine that failed. */
    StepId id();

    /** Whether the step has a meaning for this node; asked before {@link #plan}. */
    default boolean appliesTo(NodeContext node) {
        return true;
    }

    /** Says what differs from what is wanted; reads only. */
    Change plan(NodeContext node);

    /** Makes the planned change. Not called when there is none. */
    void apply(NodeContext node, Change change);

    /** Looks whether the node is now as wanted; called in every real run, changed or not. */
    default void confirm(NodeContext node) {}
}
