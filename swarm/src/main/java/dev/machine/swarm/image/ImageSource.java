package dev.machine.swarm.image;

import org.jspecify.annotations.Nullable;

/** Where the user's settings come from. What was good last serves on when the source fails. */
interface ImageSource {
    /** What is said now; waits a moment at most. */
    ImageSettings now();

    /** Why what is served is not the newest, one sentence; null if it is. */
    @Nullable String error();
}
