package dev.machine.driver;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One way to get a machine: a board on a rack, any SSH server, a cloud. A driver is stateless and
 * thread-safe: each call is given the record that {@link #create} returned. It declares its
 * options, and the command line renders them as {@code --<driver>-<option>}; so a driver is added
 * without touching the command line.
 *
 * <p>Every method but {@link #info} may throw {@link dev.machine.common.MachineException}.
 */
public interface Driver {
    /** Name, one line of summary, options. */
    DriverInfo info();

    /**
     * The machines that one {@code create} asks for, one request each: a range in the name stands
     * for several. Invalid names are usage errors (exit code 2).
     */
    default List<CreateRequest> requests(String names, Map<String, String> options) {
        return NameRange.expand(names).stream()
                .map(name -> new CreateRequest(new MachineName(name), options))
                .toList();
    }

    /**
     * Returns ALL problems of a request at once, without side effects; empty means that {@link
     * #create} may be called.
     */
    List<Problem> check(CreateRequest request);

    /**
     * What {@link #create} would buy for a valid request, one line for each item; empty when it
     * buys nothing because the machine exists already. No side effects.
     */
    default List<String> plan(CreateRequest request) {
        return List.of();
    }

    /**
     * Makes the machine, or only records it if it exists already. Calls {@code checkpoint.save}
     * before and after anything that costs money, so that a crash leaves a record by which the
     * machine can be removed.
     */
    DriverState create(CreateRequest request, Checkpoint checkpoint, Progress progress);

    /**
     * What the provider's API says about the machine; {@link Status#UNKNOWN} if there is no such
     * API.
     */
    Status status(DriverState state);

    /** How to reach the machine by SSH; empty for a machine that has none (driver {@code none}). */
    Optional<SshRequest> ssh(DriverState state);

    /** The URL of the machine's engine, as {@code tcp://192.168.1.4:2376}. */
    String url(DriverState state);

    /** How the machine is switched on and off. */
    Power power();

    /** Gives the machine back. It is no error if the machine is already gone. */
    void remove(DriverState state);
}
