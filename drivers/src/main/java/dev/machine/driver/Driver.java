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
     * The machines that one {@code create} asks for: what the user typed as a name, ranges
     * included, taken apart into single requests. Wrong names are usage errors (exit code 2).
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
     * What {@link #create} would buy for a good request, a line a thing; empty when it buys
     * nothing, because the machine is already there. No side effects.
     */
    default List<String> plan(CreateRequest request) {
        return List.of();
    }

    /**
     * Makes the machine, or finds it where it stands. Calls {@code checkpoint.save} before and
     * after anything that costs money, so that a crash leaves something that can be removed.
     */
    DriverState create(CreateRequest request, Checkpoint checkpoint, Progress progress);

    /**
     * What the owner's API says about the machine; {@link Status#UNKNOWN} where there is none to
     * ask.
     */
    Status status(DriverState state);

    /** How to reach the machine by SSH; empty for a machine that has none (driver {@code none}). */
    Optional<SshRequest> ssh(DriverState state);

    /** The URL of the machine's engine, as {@code tcp://192.168.1.4:2376}. */
    String url(DriverState state);

    /** Who can switch the machine on and off. */
    Power power();

    /** Gives the machine back. One that is already gone is no error. */
    void remove(DriverState state);
}
