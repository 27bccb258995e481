package dev.machine.provisioning.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.node.FileWrite;
import dev.machine.provisioning.node.PackageManager;
import dev.machine.provisioning.node.PackageWork;
import dev.machine.provisioning.store.EngineInstall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The packages to install so that the node has the wanted engine; chosen, or refused, before any
 * change. An existing engine is adopted: its origin does not matter, only a version that the user
 * asked for.
 *
 * @param lines of the plan; empty if the engine is right
 * @param packages as the package manager takes them
 * @param files of the package manager to write first
 */
record PackagePlan(List<String> lines, List<String> packages, List<FileWrite> files) {
    static PackagePlan of(NodeContext node) {
        Facts facts = node.facts();
        EngineInstall install = node.record().engine().install();
        Optional<String> there = facts.find("engine.package");
        if (adopted(facts) && (install.version().isEmpty() || versionIsThere(facts, install))) {
            return install.version().isPresent() && there.isPresent()
                    ? new PackagePlan(List.of(), List.of(), List.of())
                            .pinned(facts, there.get(), facts.text("engine.version"))
                    : new PackagePlan(List.of(), List.of(), List.of());
        }
        if (adopted(facts) && there.isEmpty()) {
            throw refusal(
                    "the node's engine comes from no package, so --engine-version cannot change it",
                    "leave --engine-version out, or remove that engine first");
        }
        if (install.from() == EngineInstall.From.NONE) {
            throw refusal(
                    "--engine-install=none leaves the engine as it is, and that is %s %s"
                            .formatted(there.orElse("none"), facts.text("engine.version")),
                    "use --engine-install=distro or docker");
        }
        PackageManager manager = node.packages();
        boolean ours = install.from() == EngineInstall.From.DOCKER;
        String name = there.orElse(manager.engine(ours));
        return change(node, name, ours && name.equals(manager.engine(true)));
    }

    private static PackagePlan change(NodeContext node, String name, boolean dockers) {
        Facts facts = node.facts();
        PackageManager manager = node.packages();
        PackageWork work = node.packageWork();
        Optional<String> wanted = work.install().version();
        String from = manager.source(work, dockers);
        List<FileWrite> files = dockers ? manager.repository(work) : List.of();
        if (!dockers && wanted.isEmpty()) {
            PackagePlan plain =
                    new PackagePlan(
                            List.of("install %s from %s".formatted(name, from)),
                            List.of(name),
                            files);
            return plain.simulated(node, false, dockers);
        }
        List<String> versions = manager.versions(work, name, dockers);
        String version = wanted.map(one -> match(name, one, versions)).orElse(versions.getFirst());
        String line =
                adopted(facts)
                        ? "change %s from %s to %s"
                                .formatted(name, facts.text("engine.version"), version)
                        : "install %s %s from %s".formatted(name, version, from);
        PackagePlan choice =
                new PackagePlan(List.of(line), manager.argumentsForVersion(name, version), files)
                        .simulated(node, wanted.isPresent(), dockers);
        return wanted.isPresent() ? choice.pinned(facts, name, version) : choice;
    }

    /**
     * The same plan, with the effects on other packages; refused if the user did not allow them.
     *
     * @param wanted whether the user asked for these versions, which may be older ones
     */
    private PackagePlan simulated(NodeContext node, boolean wanted, boolean dockers) {
        PackageManager.Effects simulation =
                node.packages().simulate(node.packageWork(), packages, wanted, dockers);
        List<String> more = new ArrayList<>(lines);
        more.addAll(simulation.harm());
        List<String> all = new ArrayList<>(packages);
        all.addAll(simulation.blocking());
        return new PackagePlan(more, all, files);
    }

    /** The same plan, and the node keeps this version. */
    private PackagePlan pinned(Facts facts, String name, String version) {
        Optional<FileWrite> pin = PackageManager.of(facts).pin(name, version);
        if (facts.file("engine.pref").equals(pin.map(FileWrite::content))) {
            return this;
        }
        List<String> more = new ArrayList<>(lines);
        more.add("keep %s at %s".formatted(name, version));
        List<FileWrite> all = new ArrayList<>(files);
        pin.ifPresent(all::add);
        return new PackagePlan(more, packages, all);
    }

    /**
     * Whether the engine is used as it is: it runs, comes from a package, or is on a system that
     * machine does not know.
     */
    private static boolean adopted(Facts facts) {
        return facts.hasEngine()
                && (facts.find("engine.package").isPresent()
                        || !PackageManager.isSystemKnown(facts)
                        || facts.engineRuns());
    }

    private static boolean versionIsThere(Facts facts, EngineInstall install) {
        return facts.find("engine.version")
                .filter(version -> isVersion(version, install.version().orElseThrow()))
                .isPresent();
    }

    private static String match(String name, String wanted, List<String> versions) {
        return versions.stream()
                .filter(version -> isVersion(version, wanted))
                .findFirst()
                .orElseThrow(
                        () ->
                                refusal(
                                        "there is no %s %s; there is %s"
                                                .formatted(
                                                        name, wanted, String.join(", ", versions)),
                                        "choose one of these with --engine-version"));
    }

    /**
     * Whether a package's version is the wanted one or a packaging of it: 5:26.1.4-1~debian is
     * 26.1.4.
     */
    static boolean isVersion(String version, String wanted) {
        String upstream = version.substring(version.indexOf(':') + 1);
        return version.equals(wanted)
                || upstream.equals(wanted)
                || (upstream.startsWith(wanted)
                        && "+~-".indexOf(upstream.charAt(wanted.length())) >= 0);
    }

    private static MachineException refusal(String sentence, String hint) {
        return new MachineException(
                sentence, hint + "; nothing was changed on the node", ExitCode.PRE_CREATE_CHECK);
    }
}
