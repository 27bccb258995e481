package dev.machine.swarm.image;

/**
 * What an image is built for, or a node can run, in the words of the OCI image specification:
 * {@code linux/arm/v7}.
 *
 * @param variant empty where there is none
 */
public record Platform(String os, String architecture, String variant) {
    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
