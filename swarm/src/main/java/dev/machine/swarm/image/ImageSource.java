package dev.machine.swarm.image;

import org.jspecify.annotations.Nullable;

/** Where the user's settings come from. When the source fails, the last good settings are used. */
interface ImageSource {
    /** The settings as they are now; waits half a second at most. */
    ImageSettings now();

    /** Why the settings in use are not the newest, one sentence; null if they are. */
    @Nullable String error();
}
