package dev.machine.provisioning.node;

import dev.machine.common.ResourceText;
import dev.machine.provisioning.facts.EngineShell;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shell that prints the facts of a node; see facts.sh. */
public final class FactsScript {
    private FactsScript() {}

    /** The script; its one argument is the engine's port. */
    public static String text() {
        return String.join(
                "\n",
                EngineShell.FUNCTIONS,
                ResourceText.read(FactsScript.class, "others.sh"),
                serviceManager(),
                packageManagers(),
                managedFiles(),
                ResourceText.read(FactsScript.class, "facts.sh"));
    }

    /** Prints the node's service manager, and whether it starts the engine at boot. */
    private static String serviceManager() {
        return "service_manager() {\n"
                + ServiceManager.all().stream()
                        .map(
                                it ->
                                        "if %s; then\n%s\nel"
                                                .formatted(it.isThere(), said(it.name(), it)))
                        .collect(Collectors.joining())
                + "se\n%s\nfi\n}".formatted(said("unknown", new SysVinit()));
    }

    private static String said(String name, ServiceManager services) {
        return "say init %s; say engine.enabled \"$(%s)\"".formatted(name, services.isEnabled());
    }

    private static String packageManagers() {
        return PackageManager.all().stream()
                .map(PackageManager::facts)
                .collect(Collectors.joining("\n", "package_managers() {\n", "\n}"));
    }

    private static String managedFiles() {
        return Stream.of(ManagedFile.values())
                .map(ManagedFile::question)
                .collect(Collectors.joining("", "managed_files() {\n", "}"));
    }
}
