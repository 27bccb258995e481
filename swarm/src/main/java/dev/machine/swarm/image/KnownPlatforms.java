package dev.machine.swarm.image;

import dev.machine.swarm.engine.Platform;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What is known of an image's platforms. */
public sealed interface KnownPlatforms {
    KnownPlatforms MISSING = new Missing();
    KnownPlatforms UNKNOWN = new Unknown();

    /** The image is built for these. */
    record Platforms(Set<Platform> all) implements KnownPlatforms {
        public Platforms {
            all = Collections.unmodifiableSet(new LinkedHashSet<>(all));
        }

        boolean has(Platform runner) {
            return all.stream().anyMatch(runner::accepts);
        }

        @Override
        public String toString() {
            return all.stream().map(Platform::toString).collect(Collectors.joining(", "));
        }
    }

    /** The image is on these nodes and in no registry. */
    record OnlyOn(String nodes) implements KnownPlatforms {}

    /** The registry does not have the image, or asks for credentials. */
    record Missing() implements KnownPlatforms {}

    /** Neither an engine nor the registry could say. */
    record Unknown() implements KnownPlatforms {}
}
