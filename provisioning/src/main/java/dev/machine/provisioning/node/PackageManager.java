package dev.machine.provisioning.node;

import dev.machine.common.MachineException;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.Script;
import java.util.List;
import java.util.Optional;

/**
 * Installs and removes packages on a node. A new package manager is one new class, and one entry
 * each in {@link #all} and {@code permits}.
 */
public sealed interface PackageManager permits Apt {
    /**
     * What an installation would do to other packages.
     *
     * @param harm lines for the plan, in the imperative
     * @param held packages among them that are held back
     * @param blocking arguments to add to the installation, without which it would fail
     */
    record Effects(List<String> harm, List<String> held, List<String> blocking) {
        public Effects {
            harm = List.copyOf(harm);
            held = List.copyOf(held);
            blocking = List.copyOf(blocking);
        }
    }

    /** The one list of them. The first one that {@link #isThere} is used. */
    static List<PackageManager> all() {
        return List.of(new Apt());
    }

    /** The one of this node; empty if machine knows none that it has. */
    static Optional<PackageManager> find(Facts facts) {
        return all().stream().filter(it -> it.isThere(facts)).findFirst();
    }

    /**
     * The one of this node. A node without a known one gets apt, which it is never asked to use.
     */
    static PackageManager of(Facts facts) {
        return find(facts).orElseGet(Apt::new);
    }

    /** Whether the node's system comes with a package manager that machine knows. */
    static boolean isSystemKnown(Facts facts) {
        return all().stream().anyMatch(it -> it.isSystem(facts));
    }

    /** Its name in messages: {@code apt}. */
    String name();

    /** The systems that come with it, for messages. */
    String systems();

    /** Whether the node's system comes with it. */
    boolean isSystem(Facts facts);

    /** Whether the node has it. */
    boolean isThere(Facts facts);

    /**
     * Shell for the script of the facts. It reports by {@code say KEY VALUE} whether the package
     * manager is there, and {@code engine.package} and {@code engine.version} of an installed
     * engine.
     */
    String facts();

    /** A shell condition that is true on a node that has it. */
    String isUsable();

    /** Prints the names of installed and half-installed packages, sorted. */
    String installed();

    /** Prints the names of packages that were removed but not purged, sorted. */
    String removedNotPurged();

    /** Succeeds if {@code $1} is installed. */
    String isInstalled();

    /** Filters standard input: prints only names that may be an engine's packages. */
    String engines();

    /** Filters standard input: removes the node's own architecture from package names. */
    String shortNames();

    /** Prints the packages that would be removed together with {@code $@}. */
    String removedTogetherWith();

    /** Prints the package that the file {@code $1} belongs to; prints nothing if there is none. */
    String owner();

    /** These as shell functions, for snapshot.sh and before.sh. */
    default String functions() {
        return Functions.text(
                "packages_are_known", isUsable(),
                "installed_packages", installed(),
                "configured_packages", removedNotPurged(),
                "is_installed", isInstalled(),
                "engine_packages", engines(),
                "short_names", shortNames(),
                "goes_with", removedTogetherWith(),
                "owner_of", owner());
    }

    /**
     * The name of the engine's package.
     *
     * @param dockers whether it is Docker's own, not the distribution's
     */
    String engine(boolean dockers);

    /** The arguments that install an engine of this version. */
    List<String> argumentsForVersion(String name, String version);

    /** The command line of the engine that these packages contain. */
    String command(List<String> packages);

    /** Where the engine's package comes from, for messages. */
    String source(PackageWork work, boolean dockers);

    /** The files by which Docker's own packages are found. */
    List<FileWrite> repository(PackageWork work);

    /** The file that keeps a package at this version; empty if the installation does it. */
    Optional<FileWrite> pin(String name, String version);

    /**
     * The available versions of a package, newest first. Changes nothing on the node.
     *
     * @throws MachineException if there are none, or if they cannot be read
     */
    List<String> versions(PackageWork work, String name, boolean dockers);

    /**
     * What an installation would do. Changes nothing on the node.
     *
     * @param wanted whether the user asked for these versions, which may be older ones
     * @throws MachineException if it would harm other packages and the user did not allow it, or if
     *     it cannot work
     */
    Effects simulate(PackageWork work, List<String> packages, boolean wanted, boolean dockers);

    /** Adds the installation to a script, to which the caller may add more. */
    void addInstallation(PackageWork work, Script script, List<String> packages);

    /**
     * Runs a script with an installation.
     *
     * @throws MachineException that says why it failed and what to do
     */
    void install(PackageWork work, Script script, List<String> packages);

    /**
     * Removes packages that an installation brought.
     *
     * @throws MachineException that says why it failed
     */
    void remove(PackageWork work, List<String> packages);

    /**
     * Installs again what an installation had removed, from what install.sh kept of it.
     *
     * @param packages with versions, for messages
     * @throws MachineException that says why it failed
     */
    void reinstall(PackageWork work, List<String> packages);
}
