package dev.machine.provisioning.node;

import dev.machine.provisioning.facts.Facts;
import java.util.List;
import java.util.Optional;

/**
 * What starts and stops the engine's service on a node, as values of shell text; the caller puts
 * them into its script. Another one is one class more, and its place in {@link #all} and {@code
 * permits}.
 */
public sealed interface ServiceManager permits Systemd, SysVinit {
    /** The one list of them; a node has the first one that {@link #isThere}. */
    static List<ServiceManager> all() {
        return List.of(new Systemd(), new SysVinit());
    }

    /** The node's; empty if it has none that machine knows. */
    static Optional<ServiceManager> find(Facts facts) {
        return all().stream().filter(it -> it.name().equals(facts.text("init"))).findFirst();
    }

    /** The node's; of a node that has none that machine knows its init script is used. */
    static ServiceManager of(Facts facts) {
        return find(facts).orElseGet(SysVinit::new);
    }

    /** The fact {@code init} of a node that has it. */
    String name();

    /** A condition that holds on a node that has it. */
    String isThere();

    /** Has what is written about the service taken up before it starts the next time. */
    String reloadFiles();

    String stop();

    /**
     * Starts the engine with what is written now, whether it runs or not. Stands behind engine.sh
     * and may call {@code stop_engine}.
     */
    String restart();

    /** Has it started at boot. */
    String enable();

    String disable();

    /** Prints {@code enabled} or another word that {@link Facts#startsAtBoot} knows. */
    String isEnabled();

    /** Prints {@code active} if the service runs; the facts say whether the engine does. */
    default String isActive(Facts facts) {
        return facts.engineRuns() ? "echo active" : ":";
    }

    /**
     * Prints the last lines that the engine and its service said.
     *
     * @param seconds when it was started, since the epoch
     * @param bytes how long the engine's own log was then
     */
    String whyItFailed(String seconds, String bytes);

    /**
     * Whether it starts the engine by a unit, which our drop-in changes, and can hand over sockets;
     * the others start it by a script that reads {@code /etc/default/docker}.
     */
    default boolean hasUnits() {
        return false;
    }

    /**
     * Whether it starts an engine again that exits because its address is not there yet; for the
     * others {@link RetryAtBoot} does.
     */
    default boolean startsAgain() {
        return true;
    }

    /** The functions {@code stop_engine} and {@code restart_engine}. */
    default String functions() {
        return Functions.text("stop_engine", stop(), "restart_engine", restart());
    }
}
