package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The images of one engine, as its last list had them. Read without locks. */
final class ImageStore {
    private volatile List<ObjectNode> images = List.of();

    List<ObjectNode> all() {
        return images;
    }

    /** Takes over a new list. */
    void listed(List<ObjectNode> fresh) {
        images = List.copyOf(fresh);
    }
}
