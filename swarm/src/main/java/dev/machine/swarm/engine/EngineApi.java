package dev.machine.swarm.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of one engine to keep its cache fresh. Every call has a deadline of its own, and
 * the errors of {@link EngineClient}.
 */
interface EngineApi {
    /** The node's name, for logs. */
    String name();

    /**
     * Hands over the entries of all containers.
     *
     * @throws TooLongException if an entry or the list is too long
     */
    void containers(EntryTaker taker) throws IOException;

    /** The same for these containers only; one that is gone has no entry. */
    void containers(Set<String> ids, EntryTaker taker) throws IOException;

    /** The details of a container, or null if it is gone. */
    @Nullable JsonNode container(String id) throws IOException;

    /**
     * Hands over the entries of all images.
     *
     * @throws TooLongException if an entry or the list is too long
     */
    void images(EntryTaker taker) throws IOException;

    /**
     * Hands over the entries of all networks.
     *
     * @throws TooLongException if an entry or the list is too long
     */
    void networks(EntryTaker taker) throws IOException;

    /** The answer to {@code GET /volumes}. */
    JsonNode volumes() throws IOException;
}
