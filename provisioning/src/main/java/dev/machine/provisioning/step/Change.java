package dev.machine.provisioning.step;

import dev.machine.provisioning.node.FileWrite;
import java.util.List;
import java.util.Set;

/**
 * What a step would change.
 *
 * @param lines one change each, in the imperative: {@code install docker.io}
 * @param files that it writes
 * @param effects what it does to the engine's service; nothing is decided by the lines
 */
public record Change(List<String> lines, List<FileWrite> files, Set<Effect> effects) {
    /** What a change does to the engine's service. */
    public enum Effect {
        /** The running engine takes its configuration up by a signal. */
        RELOAD,
        /** The engine is started, or restarted if it runs. */
        RESTART,
        /** The engine starts at boot from now on. */
        ENABLE,
        /** An engine that exits at boot is started again until it stays; see RetryAtBoot. */
        RETRY_AT_BOOT
    }

    public Change {
        lines = List.copyOf(lines);
        files = List.copyOf(files);
        effects = Set.copyOf(effects);
    }

    /** A change that leaves the engine's service alone. */
    public Change(List<String> lines, List<FileWrite> files) {
        this(lines, files, Set.of());
    }

    public static Change none() {
        return new Change(List.of(), List.of());
    }

    public static Change of(String... lines) {
        return new Change(List.of(lines), List.of());
    }

    public boolean isNone() {
        return lines.isEmpty();
    }

    boolean does(Effect effect) {
        return effects.contains(effect);
    }
}
