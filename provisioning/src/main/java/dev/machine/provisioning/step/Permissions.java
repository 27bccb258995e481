package dev.machine.provisioning.step;

/**
 * What may be done to nodes only if the user said so for this run; no record keeps it.
 *
 * @param restartContainers whether containers may stop where the engine must restart and cannot
 *     keep them
 * @param changePackages whether apt may remove, downgrade or change held packages of a node for the
 *     engine
 * @param setClock whether a node's clock may be set from this computer's
 */
public record Permissions(boolean restartContainers, boolean changePackages, boolean setClock) {
    public static final Permissions NONE = new Permissions(false, false, false);
}
