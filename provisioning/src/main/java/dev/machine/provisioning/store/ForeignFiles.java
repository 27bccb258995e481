package dev.machine.provisioning.store;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Keeps a new machine from overwriting files in the store that machine did not write. */
final class ForeignFiles {
    private ForeignFiles() {}

    static void refuse(Store store, String name, Optional<String> cluster) {
        List<String> dockerMachines = store.dockerMachines();
        if (!dockerMachines.isEmpty()) {
            throw foreign(
                    "%s is a store of docker-machine, which has %s there"
                            .formatted(store.base(), String.join(", ", dockerMachines)));
        }
        Path folder = store.machine(name);
        if (new MachineFolder(folder).isForeign()) {
            throw foreign(folder + " exists already, and machine did not write it");
        }
        cluster.map(it -> store.memberFile(it, name))
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .filter(file -> !store.exists(name))
                .ifPresent(
                        file -> {
                            throw foreign(file + " exists already, and no machine has that name");
                        });
    }

    private static MachineException foreign(String sentence) {
        return new MachineException(
                sentence + "; nothing was changed",
                "give machine a folder of its own with MACHINE_STORAGE_PATH or --storage-path, or"
                        + " move away what is there",
                ExitCode.PRE_CREATE_CHECK);
    }
}
