package dev.machine.provisioning.node;

import dev.machine.common.MachineException;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.Script;
import java.util.List;
import java.util.Optional;

/**
 * What installs and removes packages on a node. Another one is one class more, and its place in
 * {@link #all} and {@code permits}.
 */
public sealed interface PackageManager permits Apt {
    /**
     * What an installation would do beside what was asked for.
     *
     * @param harm to the owner's packages, each in words, in the imperative, for the plan
     * @param held packages among them that are held back
     * @param blocking to be added to the packages, so that these can be installed at all
     */
    record Effects(List<String> harm, List<String> held, List<String> blocking) {
        public Effects {
            harm = List.copyOf(harm);
            held = List.copyOf(held);
            blocking = List.copyOf(blocking);
        }
    }

    /** The one list of them; a node has the first one that {@link #isThere}. */
    static List<PackageManager> all() {
        return List.of(new Apt());
    }

    /** The node's; empty if it has none that machine knows. */
    static Optional<PackageManager> find(Facts facts) {
        return all().stream().filter(it -> it.isThere(facts)).findFirst();
    }

    /** The node's; of a node that has none that machine knows nothing is asked that needs one. */
    static PackageManager of(Facts facts) {
        return find(facts).orElseGet(Apt::new);
    }

    /** Whether the node's system is one that comes with a package manager of {@link #all}. */
    static boolean isSystemKnown(Facts facts) {
        return all().stream().anyMatch(it -> it.isSystem(facts));
    }

    /** Its program, for a person: {@code apt}. */
    String name();

    /** The systems that come with it, for a person. */
    String systems();

    /** Whether the node's system comes with it. */
    boolean isSystem(Facts facts);

    /** Whether the node has it. */
    boolean isThere(Facts facts);

    /**
     * Shell for the script of the facts: says by {@code say KEY VALUE} whether it is there, and
     * {@code engine.package} and {@code engine.version} of an engine that it installed.
     */
    String facts();

    /** A condition that holds on a node that has it. */
    String isUsable();

    /** Prints the names of what is installed, wholly or half, sorted. */
    String installed();

    /** Prints the names of what was removed but not purged, sorted. */
    String configured();

    /** Succeeds if {@code $1} is installed. */
    String isInstalled();

    /** Prints the packages that an engine's packages are among, of those on standard input. */
    String engines();

    /** Takes what is the same for all of the node's packages off names on standard input. */
    String shortNames();

    /** Prints what would be removed if {@code $@} were. */
    String goesWith();

    /** Prints the package that the file {@code $1} belongs to; fails if it is none's. */
    String owner();

    /** The functions made of these, for the scripts that keep and read what was before. */
    default String functions() {
        return Functions.text(
                "packages_are_known", isUsable(),
                "installed_packages", installed(),
                "configured_packages", configured(),
                "is_installed", isInstalled(),
                "engine_packages", engines(),
                "short_names", shortNames(),
                "goes_with", goesWith(),
                "owner_of", owner());
    }

    /**
     * The name of the engine's package.
     *
     * @param dockers Docker's own one, not the distribution's
     */
    String engine(boolean dockers);

    /** What is to be installed to have an engine's package of this version. */
    List<String> exactly(String name, String version);

    /** The command line of the engine that these packages bring, or are to bring. */
    String command(List<String> packages);

    /** Where an engine's package comes from, for a person. */
    String source(PackageWork work, boolean dockers);

    /** The files by which Docker's own packages are found. */
    List<FileWrite> repository(PackageWork work);

    /** The file that keeps a package at this version; empty if the installation does it. */
    Optional<FileWrite> pin(String name, String version);

    /**
     * The versions that there are of a package, newest first; nothing is changed on the node.
     *
     * @throws MachineException if there are none, or they cannot be known
     */
    List<String> versions(PackageWork work, String name, boolean dockers);

    /**
     * What an installation would do; nothing is changed on the node.
     *
     * @param wanted whether the user asked for these versions, which may be older ones
     * @throws MachineException if it would harm the owner's packages and nobody allowed it, or
     *     cannot work
     */
    Effects simulate(PackageWork work, List<String> packages, boolean wanted, boolean dockers);

    /** Adds the installation, behind which the caller adds what is done in the same round trip. */
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
     * Brings back what an installation removed, by what {@link NodeSnapshot} kept of it.
     *
     * @param packages with versions, for messages
     * @throws MachineException that says why it failed
     */
    void reinstall(PackageWork work, List<String> packages);
}
