package dev.machine.provisioning.node;

import dev.machine.provisioning.facts.Facts;
import java.util.List;
import java.util.Optional;

/**
 * Starts and stops the engine's service on a node. Its methods return shell text, which the caller
 * puts into a script. A new service manager is one new class, and one entry each in {@link #all}
 * and {@code permits}.
 */
public sealed interface ServiceManager permits Systemd, SysVinit {
    /** The one list of them. The first one that {@link #isThere} is used. */
    static List<ServiceManager> all() {
        return List.of(new Systemd(), new SysVinit());
    }

    /** The one of this node; empty if machine knows none that it has. */
    static Optional<ServiceManager> find(Facts facts) {
        return all().stream().filter(it -> it.name().equals(facts.text("init"))).findFirst();
    }

    /** The one of this node. On a node without a known one the init script is used. */
    static ServiceManager of(Facts facts) {
        return find(facts).orElseGet(SysVinit::new);
    }

    /** Its name in messages, and the value of the fact {@code init}. */
    String name();

    /** A shell condition that is true on a node that has it. */
    String isThere();

    /** Makes it read changed files of the service before the next start. */
    String reloadFiles();

    String stop();

    /**
     * Starts the engine, or restarts it, with its current files. Runs after engine.sh and may call
     * {@code stop_engine}.
     */
    String restart();

    /** Starts the engine at every boot. */
    String enable();

    String disable();

    /** Prints {@code enabled} or another word that {@link Facts#startsAtBoot} knows. */
    String isEnabled();

    /** Prints {@code active} if the engine runs. */
    default String isActive(Facts facts) {
        return facts.engineRuns() ? "echo active" : ":";
    }

    /**
     * Prints the last lines of the logs of the engine and its service.
     *
     * @param seconds the start time, in seconds since the epoch
     * @param bytes the length of the engine's own log at that time
     */
    String whyItFailed(String seconds, String bytes);

    /**
     * Whether it starts the engine by a systemd unit, with our drop-in and socket activation; if
     * not, an init script reads {@code /etc/default/docker}.
     */
    default boolean hasUnits() {
        return false;
    }

    /**
     * Whether it restarts an engine that exits because its address is not there yet; if not, {@link
     * RetryAtBoot} does.
     */
    default boolean startsAgain() {
        return true;
    }

    /** The functions {@code stop_engine} and {@code restart_engine}. */
    default String functions() {
        return Functions.text("stop_engine", stop(), "restart_engine", restart());
    }
}
