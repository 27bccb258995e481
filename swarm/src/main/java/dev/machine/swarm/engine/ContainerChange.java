package dev.machine.swarm.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a change of one container, before the engine is asked.
 *
 * @param since when it started or ended, by our clock; null if it did neither or the time is
 *     unknown
 * @param details whether its settings may have changed, so that it must be inspected
 * @param ended whether it ended
 */
record ContainerChange(@Nullable Instant since, boolean details, boolean ended) {
    /** Its entry in the list has changed. */
    static final ContainerChange ENTRY = new ContainerChange(null, false, false);

    /** Its entry and its settings have changed. */
    static final ContainerChange DETAILS = new ContainerChange(null, true, false);

    static ContainerChange start(Instant since) {
        return new ContainerChange(since, false, false);
    }

    static ContainerChange end(@Nullable Instant since) {
        return new ContainerChange(since, false, true);
    }

    /** Both changes as one. */
    ContainerChange and(ContainerChange later) {
        return new ContainerChange(
                later.since == null ? since : later.since,
                details || later.details,
                ended || later.ended);
    }
}
